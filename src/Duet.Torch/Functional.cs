// Network operators with the defaults that the published models share.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>Network operators without state, where the models need more than <see cref="nn.functional"/> gives or share its
/// arguments.</summary>
public static class Functional
{
    /// <summary>The slope inside <see cref="QuickGelu"/>.</summary>
    internal const double QuickGeluSlope = 1.702;

    private static readonly StableOperator EmbeddingOperator = new("aten::embedding");

    /// <summary>Rows of a table <c>[V, D]</c> by index <c>[...]</c>: <c>[..., D]</c>.</summary>
    /// <param name="table"><c>[V, D]</c>.</param>
    /// <param name="indices">Row numbers, <c>[...]</c> int64.</param>
    /// <param name="padding">A row whose gradient is not wanted; -1 for none.</param>
    public static Tensor Embedding(Tensor table, Tensor indices, long padding = -1) =>
        EmbeddingOperator.Call(table, indices, padding, false, false);

    /// <summary>Layer normalisation over the last dimension (Ba et al., arXiv 1607.06450).</summary>
    public static Tensor LayerNorm(Tensor input, Tensor? weight, Tensor? bias, double epsilon) =>
        nn.functional.layer_norm(input, [input.size(-1)], weight, bias, epsilon);

    /// <summary>Bicubic resizing of <c>[B, C, H, W]</c>.</summary>
    /// <param name="input"><c>[B, C, H, W]</c>.</param>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="alignCorners">Whether the outermost cells' centres stay where they are.</param>
    /// <param name="antialias">Whether the filter widens when shrinking (and Keys' constant is -0.5 instead of -0.75, as in
    /// Pillow).</param>
    public static Tensor ResizeBicubic(Tensor input, long height, long width, bool alignCorners = false, bool antialias = false) =>
        nn.functional.interpolate(
            input,
            [height, width],
            mode: InterpolationMode.Bicubic,
            align_corners: alignCorners,
            antialias: antialias
        );

    /// <summary>Bilinear resizing of <c>[B, C, H, W]</c>.</summary>
    /// <param name="input"><c>[B, C, H, W]</c>.</param>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="alignCorners">Whether the outermost cells' centres stay where they are.</param>
    /// <param name="antialias">Whether the filter widens when shrinking.</param>
    public static Tensor ResizeBilinear(Tensor input, long height, long width, bool alignCorners = false, bool antialias = false) =>
        nn.functional.interpolate(
            input,
            [height, width],
            mode: InterpolationMode.Bilinear,
            align_corners: alignCorners,
            antialias: antialias
        );

    /// <summary>Sets elements to zero with the given probability while training and scales the others up (Srivastava et al., JMLR
    /// 2014).</summary>
    public static Tensor Dropout(Tensor input, double probability, bool training)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!training || probability == 0)
        {
            return input;
        }

        return DropoutMask.Serves(input) ? input * DropoutMask.Like(input, probability) : nn.functional.dropout(input, probability);
    }

    /// <summary>An activation by its name.</summary>
    public static Tensor Activate(Tensor input, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(input);
        return activation switch
        {
            Activation.Relu => input.relu(),
            Activation.Gelu => input.gelu(),
            Activation.GeluTanh => nn.functional.gelu(input, TorchSharp.Modules.GELU.Approximate.tanh),
            Activation.QuickGelu => QuickGelu(input),
            Activation.Tanh => input.tanh(),
            Activation.Silu => nn.functional.silu(input),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
        };
    }

    /// <summary><c>x sigmoid(1.702 x)</c>: the activation of OpenAI's CLIP (clip/model.py).</summary>
    public static Tensor QuickGelu(Tensor input) => input * (input.Times(QuickGeluSlope)).sigmoid();

    /// <summary>
    /// Cross-entropy of logits <c>[B, C]</c> (or <c>[B, C, L]</c>) against class indices <c>[B]</c> (or <c>[B, L]</c>), averaged over the
    /// rows whose label is not <paramref name="ignoredLabel"/>. NaN where every row is ignored, as in libtorch.
    /// </summary>
    public static Tensor CrossEntropy(
        Tensor logits,
        Tensor labels,
        long ignoredLabel = -1,
        double labelSmoothing = 0,
        nn.Reduction reduction = nn.Reduction.Mean
    ) => nn.functional.cross_entropy(logits, labels, ignore_index: ignoredLabel, reduction: reduction, label_smoothing: labelSmoothing);

    /// <summary>Binary cross-entropy of logits against targets in <c>[0, 1]</c> of the same shape, with optional element and class
    /// weights.</summary>
    public static Tensor BinaryCrossEntropy(
        Tensor logits,
        Tensor targets,
        Tensor? weight = null,
        Tensor? positiveWeight = null,
        nn.Reduction reduction = nn.Reduction.Mean
    ) => nn.functional.binary_cross_entropy_with_logits(logits, targets, weight, reduction, positiveWeight);

    /// <summary>
    /// Scaled dot-product attention (Vaswani et al., arXiv 1706.03762), <c>softmax(Q K^T / sqrt(d) + mask) V</c>, that gives its weights.
    /// On the CPU it is faster than libtorch's fused attention at the lengths of our sequences (docs/decisions/015).
    /// </summary>
    /// <param name="query"><c>[B, H, Lq, d]</c>.</param>
    /// <param name="key"><c>[B, H, Lk, d]</c>.</param>
    /// <param name="value"><c>[B, H, Lk, dv]</c>.</param>
    /// <param name="mask">Added to the scores; broadcast to <c>[B, H, Lq, Lk]</c>.</param>
    /// <param name="dropout">Probability of dropping an attention weight while training.</param>
    /// <param name="training">Whether dropout applies.</param>
    /// <returns>The mixed values <c>[B, H, Lq, dv]</c> and the weights <c>[B, H, Lq, Lk]</c> before dropout.</returns>
    public static (Tensor Output, Tensor Weights) Attention(
        Tensor query,
        Tensor key,
        Tensor value,
        Tensor? mask = null,
        double dropout = 0,
        bool training = false
    )
    {
        var scores = (query.Times(1 / Math.Sqrt(query.size(-1)))).matmul(key.transpose(-2, -1));
        var weights = (mask is null ? scores : scores.Plus(mask)).softmax(-1);
        return (Dropout(weights, dropout, training).matmul(value), weights);
    }
}
