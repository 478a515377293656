// What a transformer computed on the way, for explanations and parity tests.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>Collects the intermediate results of a forward pass.</summary>
public sealed class TransformerTrace
{
    /// <summary>The result of every block, <c>[B, L, D]</c>.</summary>
    public List<Tensor> Hidden { get; } = [];

    /// <summary>The attention weights of every block, <c>[B, H, Lq, Lk]</c>.</summary>
    public List<Tensor> Attention { get; } = [];
}
