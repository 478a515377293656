// CLIP's training objective.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>
/// CLIP's symmetric contrastive loss (arXiv 2103.00020, figure 3) with its learnable temperature: the scale starts at 1 / 0.07 and is held
/// at 100 or below (section 2.5).
/// </summary>
public sealed class ContrastiveLoss : Module, IPairLoss
{
    private const double LargestScale = 100;

    /// <summary>Creates the loss with its starting temperature.</summary>
    public ContrastiveLoss() => LogitScale = AddParameter("logit_scale", Tensors.Full([], Math.Log(1 / 0.07)));

    /// <summary>The logarithm of the factor on the cosines, <c>[]</c>.</summary>
    public Tensor LogitScale { get; }

    /// <summary>Scaled cosines of every picture with every text: <c>[B, E]</c> twice to <c>[B, B]</c>.</summary>
    public Tensor Logits(Tensor image, Tensor text) =>
        nn.functional.normalize(image, dim: -1).matmul(nn.functional.normalize(text, dim: -1).transpose(0, 1)).to(ScalarType.Float32)
        * LogitScale.Clamp(null, Math.Log(LargestScale)).exp();

    /// <summary>The mean of the cross-entropies over rows and over columns, the pairs on the diagonal being right: <c>[]</c>.</summary>
    public Tensor Forward(Tensor image, Tensor text)
    {
        var logits = Logits(image, text);
        var pairs = Tensors.Range(0, logits.size(0), device: logits.device);
        return (Functional.CrossEntropy(logits, pairs).Plus(Functional.CrossEntropy(logits.transpose(0, 1), pairs))).Times(0.5);
    }
}
