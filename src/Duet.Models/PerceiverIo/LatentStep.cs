// One step of a latent encoder, as recorded for explanations and parity tests.
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>What one read or one block computed.</summary>
/// <param name="IsRead">True for a read of the input (cross-attention), false for a block of self-attention layers.</param>
/// <param name="UsesLaterWeights">Whether the step used the second set of weights, which steps after the first may have.</param>
/// <param name="Input">The latents before the step, <c>[B, N, D]</c>.</param>
/// <param name="Layers">The latents after every layer of the step, <c>[B, N, D]</c> each.</param>
/// <param name="Attention">The attention weights of every layer: <c>[B, H, N, M]</c> of a read, <c>[B, H, N, N]</c> of a block.</param>
public sealed record LatentStep(
    bool IsRead,
    bool UsesLaterWeights,
    Tensor Input,
    IReadOnlyList<Tensor> Layers,
    IReadOnlyList<Tensor> Attention
)
{
    /// <summary>The latents after the step, <c>[B, N, D]</c>.</summary>
    public Tensor Result => Layers[^1];
}
