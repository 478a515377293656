// A forward pass that was listened to.
using Duet.Torch.Modules;

namespace Duet.Models.Attention;

/// <summary>A system's forward pass and what its modules reported on the way: a system says from it how its attention flows
/// (<see cref="ProductModel.Describe"/>).</summary>
/// <param name="Batch">What the system saw.</param>
/// <param name="Output">What it answered.</param>
/// <param name="Recorded">The modules' reports, by their paths in the system.</param>
public sealed record RecordedPass(Batch Batch, ModelOutput Output, ForwardRecorder Recorded)
{
    /// <summary>The attention of all blocks of a stack, in their order: <c>[B, H, L, L]</c> each.</summary>
    /// <param name="path">The stack's path in the system.</param>
    public IReadOnlyList<TorchSharp.torch.Tensor> Attention(string path) => Recorded.Attention(path);
}
