// Additive attention masks.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Masks that are added to attention scores.</summary>
public static class AttentionMask
{
    /// <summary>
    /// What hides a key and still leaves a row finite where every key is hidden (a product without the one input that an ablation looks
    /// at): its exponential is exactly 0 beside any visible key.
    /// </summary>
    public const double Hidden = -1e9;

    /// <summary>Visible keys <c>[B, L]</c> (boolean) to <c>[B, 1, 1, L]</c> with 0 where visible and <paramref name="hidden"/>
    /// elsewhere.</summary>
    public static Tensor Keys(Tensor visible, double hidden = double.NegativeInfinity) =>
        zeros([visible.size(0), 1, 1, visible.size(1)], device: visible.device)
            .MaskedFill(visible.logical_not().reshape(visible.size(0), 1, 1, visible.size(1)), hidden);

    /// <summary>The causal mask <c>[L, L]</c>: -inf above the diagonal.</summary>
    public static Tensor Causal(long length, Device device) =>
        Tensors.Full([length, length], double.NegativeInfinity, device: device).triu(1);
}
