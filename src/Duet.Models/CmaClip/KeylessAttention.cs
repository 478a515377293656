// Modality-wise attention: how much picture and text count for one task.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// CMA-CLIP's modality-wise attention (arXiv 2112.03562; "keyless attention", Long et al. 2018): a learned vector scores each modality's
/// embedding, a softmax over the two scores weighs them. <c>e_I = w_I x_I</c>, <c>e_T = w_T x_T</c>, <c>z = softmax(e)_I x_I + softmax(e)_T
/// x_T</c>. With scaled scores <c>w</c> is the parameter divided by <c>sqrt(D)</c>: the same functions, but a step of the optimiser moves a
/// score as little as in scaled dot-product attention (docs/decisions/009).
/// </summary>
public sealed class KeylessAttention : Module
{
    private readonly Tensor _image;
    private readonly Tensor _text;
    private readonly double _scale;

    /// <summary>Creates the attention of one task.</summary>
    /// <param name="width">Width D of the embeddings.</param>
    /// <param name="shared">Whether one vector scores both modalities (Long et al.); two by default.</param>
    /// <param name="scaled">Whether scores are divided by <c>sqrt(D)</c>.</param>
    public KeylessAttention(long width, bool shared = false, bool scaled = false)
    {
        _scale = scaled ? Math.Pow(width, -0.5) : 1;
        _image = AddParameter("image", Tensors.Normal([width], 0, 0.02));
        _text = shared ? _image : AddParameter("text", Tensors.Normal([width], 0, 0.02));
    }

    /// <summary>The weighted sum and the weights.</summary>
    /// <param name="image">Picture embeddings, <c>[B, D]</c>.</param>
    /// <param name="text">Text embeddings, <c>[B, D]</c>.</param>
    /// <param name="imagePresent"><c>[B]</c> boolean; a missing picture gets weight 0.</param>
    /// <param name="textPresent"><c>[B]</c> boolean; a missing text gets weight 0.</param>
    /// <returns>The sum <c>[B, D]</c> and the weights <c>[B, 2]</c>, picture first.</returns>
    public (Tensor Sum, Tensor Shares) Forward(Tensor image, Tensor text, Tensor imagePresent, Tensor textPresent)
    {
        var scores = stack([(image * _image).sum(-1), (text * _text).sum(-1)], 1).Times(_scale);
        var shares = scores.MaskedFill(stack([imagePresent, textPresent], 1).logical_not(), AttentionMask.Hidden).softmax(-1);
        return (Weigh(image, text, shares), shares);
    }

    /// <summary>What replaces it when modality-wise attention is switched off: the plain mean of what is present.</summary>
    public static (Tensor Sum, Tensor Shares) Mean(Tensor image, Tensor text, Tensor imagePresent, Tensor textPresent)
    {
        var present = stack([imagePresent, textPresent], 1).to(ScalarType.Float32);
        var shares = present / present.sum(1, keepdim: true).Clamp(1);
        return (Weigh(image, text, shares), shares);
    }

    private static Tensor Weigh(Tensor image, Tensor text, Tensor shares) =>
        (image * shares.narrow(1, 0, 1)).Plus(text * shares.narrow(1, 1, 1));
}
