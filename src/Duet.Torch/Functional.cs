// The stateless network operators: linear maps, normalisation, convolution, pooling, dropout, losses.
namespace Duet.Torch;

/// <summary>Network operators without state; modules call them with their parameters.</summary>
public static unsafe class Functional
{
    private static readonly Operator LinearOp = new("aten::linear");
    private static readonly Operator EmbeddingOp = new("aten::embedding");
    private static readonly Operator LayerNormOp = new("aten::layer_norm");
    private static readonly Operator BatchNormOp = new("aten::batch_norm");
    private static readonly Operator Conv2dOp = new("aten::conv2d");
    private static readonly Operator AveragePoolOp = new("aten::avg_pool2d");
    private static readonly Operator MaxPoolOp = new("aten::max_pool2d");
    private static readonly Operator AdaptiveAveragePoolOp = new("aten::adaptive_avg_pool2d");
    private static readonly Operator AdaptiveMaxPoolOp = new("aten::adaptive_max_pool2d");
    private static readonly Operator BicubicOp = new("aten::upsample_bicubic2d");
    private static readonly Operator SmoothBicubicOp = new("aten::_upsample_bicubic2d_aa");
    private static readonly Operator BilinearOp = new("aten::upsample_bilinear2d");
    private static readonly Operator DropoutOp = new("aten::dropout");
    private static readonly Operator FastDropoutOp = new("duet::dropout");
    private static readonly Operator QuickGeluOp = new("duet::quick_gelu");
    private static readonly Operator GeluOp = new("aten::gelu");
    private static readonly Operator SiluOp = new("aten::silu");
    private static readonly Operator CrossEntropyOp = new("aten::cross_entropy_loss");
    private static readonly Operator BinaryCrossEntropyOp = new("aten::binary_cross_entropy_with_logits");

    /// <summary><c>x W^T + b</c>: <c>[..., N] -> [..., M]</c> with weight <c>[M, N]</c> and bias <c>[M]</c>.</summary>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias = null) => LinearOp.Call(input, weight, bias);

    /// <summary>Rows of a table <c>[V, D]</c> by index <c>[...]</c>: <c>[..., D]</c>.</summary>
    public static Tensor Embedding(Tensor table, Tensor indices) => EmbeddingOp.Call(table, indices);

    /// <summary>Layer normalisation over the last dimension (Ba et al., arXiv 1607.06450).</summary>
    public static Tensor LayerNorm(Tensor input, Tensor? weight, Tensor? bias, double epsilon)
    {
        var width = input.Size(-1);
        return LayerNormOp.Call(input, Value.Integers(&width, 1), weight, bias, epsilon);
    }

    /// <summary>Batch normalisation of <c>[B, C, ...]</c> (Ioffe and Szegedy, arXiv 1502.03167).</summary>
    /// <param name="input"><c>[B, C, ...]</c>.</param>
    /// <param name="weight"><c>[C]</c>.</param>
    /// <param name="bias"><c>[C]</c>.</param>
    /// <param name="runningMean">Updated while training, used otherwise.</param>
    /// <param name="runningVariance">Updated while training, used otherwise.</param>
    /// <param name="training">Whether the batch's own statistics are used.</param>
    /// <param name="momentum">The new batch's part in the running statistics.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Tensor BatchNorm(
        Tensor input, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, bool training, double momentum, double epsilon)
        => BatchNormOp.Call(input, weight, bias, runningMean, runningVariance, training, momentum, epsilon, false);

    /// <summary>Convolution of <c>[B, C, H, W]</c> with weight <c>[M, C / groups, K, K]</c>.</summary>
    public static Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias = null, long stride = 1, long padding = 0, long groups = 1)
    {
        var strides = stackalloc long[] { stride, stride };
        var paddings = stackalloc long[] { padding, padding };
        var dilations = stackalloc long[] { 1, 1 };
        return Conv2dOp.Call(
            input, weight, bias, Value.Integers(strides, 2), Value.Integers(paddings, 2), Value.Integers(dilations, 2), groups);
    }

    /// <summary>Mean over windows of <c>[B, C, H, W]</c>; the stride is the window's size.</summary>
    public static Tensor AveragePool2d(Tensor input, long size)
    {
        var sizes = stackalloc long[] { size, size };
        return AveragePoolOp.Call(input, Value.Integers(sizes, 2), Value.Integers(sizes, 2));
    }

    /// <summary>Maximum over windows of <c>[B, C, H, W]</c>.</summary>
    public static Tensor MaxPool2d(Tensor input, long size, long stride, long padding)
    {
        var sizes = stackalloc long[] { size, size };
        var strides = stackalloc long[] { stride, stride };
        var paddings = stackalloc long[] { padding, padding };
        return MaxPoolOp.Call(input, Value.Integers(sizes, 2), Value.Integers(strides, 2), Value.Integers(paddings, 2));
    }

    /// <summary>Mean over <c>height x width</c> cells that cover <c>[B, C, H, W]</c> evenly (cells may overlap).</summary>
    public static Tensor AdaptiveAveragePool2d(Tensor input, long height, long width)
    {
        var sizes = stackalloc long[] { height, width };
        return AdaptiveAveragePoolOp.Call(input, Value.Integers(sizes, 2));
    }

    /// <summary>Maximum over <c>height x width</c> cells that cover <c>[B, C, H, W]</c> evenly (cells may overlap).</summary>
    public static Tensor AdaptiveMaxPool2d(Tensor input, long height, long width)
    {
        var sizes = stackalloc long[] { height, width };
        var results = AdaptiveMaxPoolOp.CallMany(input, Value.Integers(sizes, 2));
        results[1]!.Dispose();
        return results[0]!;
    }

    /// <summary>Bicubic resizing of <c>[B, C, H, W]</c>.</summary>
    /// <param name="input"><c>[B, C, H, W]</c>.</param>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="alignCorners">Whether the outermost cells' centres stay where they are.</param>
    /// <param name="antialias">Whether the filter widens when shrinking (and Keys' constant is -0.5 instead of -0.75, as in Pillow).</param>
    public static Tensor ResizeBicubic(Tensor input, long height, long width, bool alignCorners = false, bool antialias = false)
    {
        var sizes = stackalloc long[] { height, width };
        return (antialias ? SmoothBicubicOp : BicubicOp).Call(input, Value.Integers(sizes, 2), alignCorners);
    }

    /// <summary>Bilinear resizing of <c>[B, C, H, W]</c>.</summary>
    public static Tensor ResizeBilinear(Tensor input, long height, long width, bool alignCorners = false)
    {
        var sizes = stackalloc long[] { height, width };
        return BilinearOp.Call(input, Value.Integers(sizes, 2), alignCorners);
    }

    /// <summary>
    /// Sets elements to zero with the given probability while training and scales the others up (Srivastava et al., JMLR 2014).
    /// On the CPU the mask is a hash of a seed and the element's position and is never stored: libtorch's own costs a fifth of a small step.
    /// </summary>
    public static Tensor Dropout(Tensor input, double probability, bool training)
    {
        if (!training || probability == 0)
        {
            return input;
        }

        return input.Device.IsCuda ? DropoutOp.Call(input, probability, true) : FastDropoutOp.Call(input, probability);
    }

    /// <summary>An activation by its name.</summary>
    public static Tensor Activate(Tensor input, Activation activation) => activation switch
    {
        Activation.Relu => input.Relu(),
        Activation.Gelu => input.Gelu(),
        Activation.GeluTanh => GeluTanh(input),
        Activation.QuickGelu => QuickGelu(input),
        Activation.Tanh => input.Tanh(),
        Activation.Silu => SiluOp.Call(input),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };

    /// <summary><c>x sigmoid(1.702 x)</c>: the activation of OpenAI's CLIP (clip/model.py).</summary>
    public static Tensor QuickGelu(Tensor input)
        => input.Device.IsCuda ? input * (input * 1.702).Sigmoid() : QuickGeluOp.Call(input);

    /// <summary>
    /// Cross-entropy of logits <c>[B, C]</c> (or <c>[B, C, L]</c>) against class indices <c>[B]</c> (or <c>[B, L]</c>), meaned over the rows
    /// whose label is not <paramref name="ignoredLabel"/>. NaN where every row is ignored, as in libtorch.
    /// </summary>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels, long ignoredLabel = -1, double labelSmoothing = 0, Reduction reduction = Reduction.Mean)
        => CrossEntropyOp.Call(logits, labels, Value.None, (long)reduction, ignoredLabel, labelSmoothing);

    /// <summary>Binary cross-entropy of logits against targets in <c>[0, 1]</c> of the same shape, with optional element and class weights.</summary>
    public static Tensor BinaryCrossEntropy(
        Tensor logits, Tensor targets, Tensor? weight = null, Tensor? positiveWeight = null, Reduction reduction = Reduction.Mean)
        => BinaryCrossEntropyOp.Call(logits, targets, weight, positiveWeight, (long)reduction);

    /// <summary>
    /// Scaled dot-product attention (Vaswani et al., arXiv 1706.03762): <c>softmax(Q K^T / sqrt(d) + mask) V</c>.
    /// </summary>
    /// <param name="query"><c>[B, H, Lq, d]</c>.</param>
    /// <param name="key"><c>[B, H, Lk, d]</c>.</param>
    /// <param name="value"><c>[B, H, Lk, dv]</c>.</param>
    /// <param name="mask">Added to the scores; broadcast to <c>[B, H, Lq, Lk]</c>.</param>
    /// <param name="dropout">Probability of dropping an attention weight while training.</param>
    /// <param name="training">Whether dropout applies.</param>
    /// <returns>The mixed values <c>[B, H, Lq, dv]</c> and the weights <c>[B, H, Lq, Lk]</c> before dropout.</returns>
    public static (Tensor Output, Tensor Weights) Attention(
        Tensor query, Tensor key, Tensor value, Tensor? mask = null, double dropout = 0, bool training = false)
    {
        var scores = (query * (1 / Math.Sqrt(query.Size(-1)))).MatMul(key.Transpose(-2, -1));
        var weights = (mask is null ? scores : scores + mask).Softmax(-1);
        return (Dropout(weights, dropout, training).MatMul(value), weights);
    }

    private static Tensor GeluTanh(Tensor input)
    {
        var approximate = "tanh"u8;
        fixed (byte* text = approximate)
        {
            return GeluOp.Call(input, Value.Text(text, approximate.Length));
        }
    }
}
