// Keyless attention over a sequence: each task reads a modality's tokens with a vector of its own.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Keyless attention as Long et al. (2018, "Multimodal Keyless Attention Fusion for Video Classification") use it within one modality: a
/// learned vector scores every token, a softmax over the scores weighs them. <c>e_l = w_k x_l</c>, <c>a_k = sum_l softmax(e)_l x_l</c>, for
/// each task k.
/// </summary>
public sealed class KeylessPooling : Module
{
    private readonly Tensor _vectors;

    /// <summary>Creates the vectors, so small that training starts near the plain mean.</summary>
    /// <param name="tasks">The number of tasks K.</param>
    /// <param name="width">Width D of the tokens.</param>
    public KeylessPooling(long tasks, long width) => _vectors = AddParameter("vectors", Tensors.Normal([tasks, width], 0, 0.02));

    /// <summary>Each task's weighted mean.</summary>
    /// <param name="tokens"><c>[B, L, D]</c>.</param>
    /// <param name="visible"><c>[B, L]</c> boolean: tokens that count; at least one per product. Null: all.</param>
    /// <returns>The means <c>[B, K, D]</c> and the weights <c>[B, K, L]</c>.</returns>
    public (Tensor Means, Tensor Weights) Forward(Tensor tokens, Tensor? visible = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var scores = nn.functional.linear(tokens, _vectors).to(ScalarType.Float32).transpose(1, 2);
        scores = visible is null ? scores : scores.MaskedFill(visible.unsqueeze(1).logical_not(), AttentionMask.Hidden);
        var weights = scores.softmax(-1);
        ForwardRecorder.Report(this, "weights", weights);
        return (weights.to(tokens.dtype).matmul(tokens).to(ScalarType.Float32), weights);
    }
}
