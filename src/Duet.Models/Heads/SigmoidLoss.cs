// SigLIP's training objective.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>
/// SigLIP's pairwise sigmoid loss (arXiv 2303.15343, equation 2 and algorithm 1): every pair is a binary question by itself, with a learned
/// scale that starts at 10 and a learned bias that starts at -10, because nearly all pairs are wrong ones.
/// </summary>
public sealed class SigmoidLoss : Module, IPairLoss
{
    /// <summary>Creates the loss with its starting scale and bias.</summary>
    public SigmoidLoss()
    {
        LogitScale = AddParameter("logit_scale", Tensors.Full([], Math.Log(10)));
        LogitBias = AddParameter("logit_bias", Tensors.Full([], -10));
    }

    /// <inheritdoc/>
    public Tensor LogitScale { get; }

    /// <summary>What is added to the scaled cosines, <c>[]</c>.</summary>
    public Tensor LogitBias { get; }

    /// <inheritdoc/>
    public Tensor Logits(Tensor image, Tensor text) =>
        (
            nn.functional.normalize(image, dim: -1).matmul(nn.functional.normalize(text, dim: -1).transpose(0, 1)).to(ScalarType.Float32)
            * LogitScale.exp()
        ).Plus(LogitBias);

    /// <summary>The sum over all pairs of -log sigmoid(z logit), z being 1 on the diagonal and -1 elsewhere, divided by the number of
    /// pictures: <c>[]</c>.</summary>
    public Tensor Forward(Tensor image, Tensor text)
    {
        var logits = Logits(image, text);
        var count = logits.size(0);
        var pairs = eye(count, dtype: ScalarType.Float32, device: logits.device);
        return Functional.BinaryCrossEntropy(logits, pairs, reduction: nn.Reduction.Sum).Times(1.0 / count);
    }
}
