// Parameters that share a learning rate and a decay.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Optimisers;

/// <summary>Parameters trained alike.</summary>
/// <param name="Parameters">The tensors.</param>
/// <param name="LearningRateScale">Factor on the step's learning rate: layer-wise decay, slower towers.</param>
/// <param name="WeightDecay">Decoupled weight decay per unit of learning rate; 0 for biases, norms and embeddings.</param>
public sealed record ParameterGroup(IReadOnlyList<KeyValuePair<string, Tensor>> Parameters, double LearningRateScale, double WeightDecay);
