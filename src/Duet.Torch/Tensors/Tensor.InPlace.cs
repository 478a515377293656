// What changes a tensor where it stands: initialisation, copies, running averages.
namespace Duet.Torch;

public sealed unsafe partial class Tensor
{
    private static readonly Operator CopyInPlaceOp = new("aten::copy_");
    private static readonly Operator FillInPlaceOp = new("aten::fill_", "Scalar");
    private static readonly Operator ZeroInPlaceOp = new("aten::zero_");
    private static readonly Operator NormalInPlaceOp = new("aten::normal_");
    private static readonly Operator UniformInPlaceOp = new("aten::uniform_");
    private static readonly Operator MulInPlaceOp = new("aten::mul_", "Scalar");
    private static readonly Operator AddInPlaceOp = new("aten::add_", "Tensor");
    private static readonly Operator ClampInPlaceOp = new("aten::clamp_");

    /// <summary>Takes another tensor's elements, converted and broadcast.</summary>
    public Tensor CopyInPlace(Tensor source) => Effect(CopyInPlaceOp, this, source);

    /// <summary>One value everywhere.</summary>
    public Tensor FillInPlace(double value) => Effect(FillInPlaceOp, this, value);

    /// <summary>Zero everywhere.</summary>
    public Tensor ZeroInPlace() => Effect(ZeroInPlaceOp, this);

    /// <summary>Normally distributed numbers.</summary>
    public Tensor NormalInPlace(double mean, double deviation) => Effect(NormalInPlaceOp, this, mean, deviation);

    /// <summary>Normal numbers limited to two deviations, by drawing clamped quantiles (the usual "truncated normal" of transformers).</summary>
    public Tensor TruncatedNormalInPlace(double deviation)
    {
        // Inverse error function of a uniform number between the two tails' probabilities; exact, without rejection.
        const double tail = 0.954499736103642; // erf(sqrt 2): the mass within two deviations
        using var scope = new TensorScope();
        using var gradients = Gradients.Disabled();
        var uniform = Empty(Shape, ScalarType.Float32, Device).UniformInPlace(-tail, tail);
        var quantile = ErfinvOp.Call(uniform) * (deviation * Math.Sqrt(2));
        return CopyInPlace(quantile.Clamp(-2 * deviation, 2 * deviation));
    }

    /// <summary>Uniform numbers in <c>[lowest, highest)</c>.</summary>
    public Tensor UniformInPlace(double lowest, double highest) => Effect(UniformInPlaceOp, this, lowest, highest);

    /// <summary>Multiplied by a number.</summary>
    public Tensor MulInPlace(double factor) => Effect(MulInPlaceOp, this, factor);

    /// <summary>Another tensor added.</summary>
    public Tensor AddInPlace(Tensor other) => Effect(AddInPlaceOp, this, other);

    /// <summary><paramref name="scale"/> times another tensor added.</summary>
    public Tensor AddInPlace(Tensor other, double scale) => Effect(AddInPlaceOp, this, other, scale);

    /// <summary>Limited to a range.</summary>
    public Tensor ClampInPlace(double lowest, double highest) => Effect(ClampInPlaceOp, this, lowest, highest);

    private static readonly Operator ErfinvOp = new("aten::erfinv");

    private Tensor Effect(Operator op, params ReadOnlySpan<Value> arguments)
    {
        op.Run(arguments);
        return this;
    }
}
