// What a tower must know about the system it is built for.
using Duet.Torch.Modules;

namespace Duet.Models.Encoders;

/// <summary>The surroundings of a tower.</summary>
/// <param name="Options">The system's settings: picture size and context length.</param>
/// <param name="Context">The tasks and the vocabulary.</param>
/// <param name="JointWidth">Width of the joint space, into which CLIP's towers project.</param>
/// <param name="Blocks">Activation, epsilon and dropout of CLIP's blocks.</param>
internal sealed record TowerSurroundings(ModelOptions Options, ModelContext Context, int JointWidth, TransformerOptions Blocks);
