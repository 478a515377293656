// Element-wise arithmetic, comparisons, reductions and products.
namespace Duet.Torch;

public sealed unsafe partial class Tensor
{
    private static readonly Operator AddOp = new("aten::add", "Tensor");
    private static readonly Operator AddScalarOp = new("aten::add", "Scalar");
    private static readonly Operator SubOp = new("aten::sub", "Tensor");
    private static readonly Operator SubScalarOp = new("aten::sub", "Scalar");
    private static readonly Operator RsubScalarOp = new("aten::rsub", "Scalar");
    private static readonly Operator MulOp = new("aten::mul", "Tensor");
    private static readonly Operator MulScalarOp = new("aten::mul", "Scalar");
    private static readonly Operator DivOp = new("aten::div", "Tensor");
    private static readonly Operator DivScalarOp = new("aten::div", "Scalar");
    private static readonly Operator PowOp = new("aten::pow", "Tensor_Scalar");
    private static readonly Operator NegOp = new("aten::neg");
    private static readonly Operator ExpOp = new("aten::exp");
    private static readonly Operator LogOp = new("aten::log");
    private static readonly Operator SqrtOp = new("aten::sqrt");
    private static readonly Operator RsqrtOp = new("aten::rsqrt");
    private static readonly Operator AbsOp = new("aten::abs");
    private static readonly Operator SinOp = new("aten::sin");
    private static readonly Operator CosOp = new("aten::cos");
    private static readonly Operator TanhOp = new("aten::tanh");
    private static readonly Operator SigmoidOp = new("aten::sigmoid");
    private static readonly Operator ReluOp = new("aten::relu");
    private static readonly Operator GeluOp = new("aten::gelu");
    private static readonly Operator ClampOp = new("aten::clamp");
    private static readonly Operator MatMulOp = new("aten::matmul");
    private static readonly Operator SumOp = new("aten::sum");
    private static readonly Operator SumDimOp = new("aten::sum", "dim_IntList");
    private static readonly Operator MeanOp = new("aten::mean");
    private static readonly Operator MeanDimOp = new("aten::mean", "dim");
    private static readonly Operator NormOp = new("aten::norm", "ScalarOpt_dim");
    private static readonly Operator MaxOp = new("aten::max");
    private static readonly Operator AmaxOp = new("aten::amax");
    private static readonly Operator AminOp = new("aten::amin");
    private static readonly Operator ArgMaxOp = new("aten::argmax");
    private static readonly Operator TopKOp = new("aten::topk");
    private static readonly Operator SortOp = new("aten::sort");
    private static readonly Operator CumSumOp = new("aten::cumsum");
    private static readonly Operator EqOp = new("aten::eq", "Tensor");
    private static readonly Operator EqScalarOp = new("aten::eq", "Scalar");
    private static readonly Operator NeScalarOp = new("aten::ne", "Scalar");
    private static readonly Operator LtOp = new("aten::lt", "Tensor");
    private static readonly Operator LtScalarOp = new("aten::lt", "Scalar");
    private static readonly Operator GeScalarOp = new("aten::ge", "Scalar");
    private static readonly Operator GtScalarOp = new("aten::gt", "Scalar");
    private static readonly Operator NotOp = new("aten::logical_not");
    private static readonly Operator AndOp = new("aten::logical_and");
    private static readonly Operator OrOp = new("aten::logical_or");
    private static readonly Operator IsFiniteOp = new("aten::isfinite");
    private static readonly Operator AllOp = new("aten::all");
    private static readonly Operator AnyDimOp = new("aten::any", "dim");
    private static readonly Operator SoftmaxOp = new("aten::softmax", "int");
    private static readonly Operator LogSoftmaxOp = new("aten::log_softmax", "int");
    private static readonly Operator BernoulliOp = new("aten::bernoulli");
    private static readonly Operator MultinomialOp = new("aten::multinomial");

    /// <summary>Sum, broadcast.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => AddOp.Call(left, right);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor left, double right) => AddScalarOp.Call(left, right);

    /// <summary>Difference, broadcast.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => SubOp.Call(left, right);

    /// <summary>Difference with a number.</summary>
    public static Tensor operator -(Tensor left, double right) => SubScalarOp.Call(left, right);

    /// <summary>A number minus the tensor.</summary>
    public static Tensor operator -(double left, Tensor right) => RsubScalarOp.Call(right, left);

    /// <summary>Negation.</summary>
    public static Tensor operator -(Tensor value) => NegOp.Call(value);

    /// <summary>Element-wise product, broadcast.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => MulOp.Call(left, right);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor left, double right) => MulScalarOp.Call(left, right);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(double left, Tensor right) => MulScalarOp.Call(right, left);

    /// <summary>Element-wise quotient, broadcast.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => DivOp.Call(left, right);

    /// <summary>Quotient by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => DivScalarOp.Call(left, right);

    /// <summary>Sum with a whole number, which leaves integer tensors integer.</summary>
    public static Tensor operator +(Tensor left, long right) => AddScalarOp.Call(left, right);

    /// <summary>Difference with a whole number, which leaves integer tensors integer.</summary>
    public static Tensor operator -(Tensor left, long right) => SubScalarOp.Call(left, right);

    /// <summary>Product with a whole number, which leaves integer tensors integer.</summary>
    public static Tensor operator *(Tensor left, long right) => MulScalarOp.Call(left, right);

    /// <summary>Matrix product with broadcast batch dimensions: <c>[..., N, K] x [..., K, M] -> [..., N, M]</c>.</summary>
    public Tensor MatMul(Tensor other) => MatMulOp.Call(this, other);

    /// <summary>Element-wise power.</summary>
    public Tensor Pow(double exponent) => PowOp.Call(this, exponent);

    /// <summary>Element-wise exponential.</summary>
    public Tensor Exp() => ExpOp.Call(this);

    /// <summary>Element-wise natural logarithm.</summary>
    public Tensor Log() => LogOp.Call(this);

    /// <summary>Element-wise square root.</summary>
    public Tensor Sqrt() => SqrtOp.Call(this);

    /// <summary>Element-wise reciprocal square root.</summary>
    public Tensor Rsqrt() => RsqrtOp.Call(this);

    /// <summary>Element-wise absolute value.</summary>
    public Tensor Abs() => AbsOp.Call(this);

    /// <summary>Element-wise sine.</summary>
    public Tensor Sin() => SinOp.Call(this);

    /// <summary>Element-wise cosine.</summary>
    public Tensor Cos() => CosOp.Call(this);

    /// <summary>Element-wise hyperbolic tangent.</summary>
    public Tensor Tanh() => TanhOp.Call(this);

    /// <summary>Element-wise logistic function.</summary>
    public Tensor Sigmoid() => SigmoidOp.Call(this);

    /// <summary>Element-wise <c>max(x, 0)</c>.</summary>
    public Tensor Relu() => ReluOp.Call(this);

    /// <summary>Gaussian error linear unit, exact (erf).</summary>
    public Tensor Gelu() => GeluOp.Call(this);

    /// <summary>Element-wise limits; null leaves a side open.</summary>
    public Tensor Clamp(double? lowest = null, double? highest = null)
        => ClampOp.Call(this, lowest is { } low ? (Value)low : Value.None, highest is { } high ? (Value)high : Value.None);

    /// <summary>The sum of all elements, <c>[]</c>.</summary>
    public Tensor Sum() => SumOp.Call(this);

    /// <summary>The sum along one dimension.</summary>
    public Tensor Sum(long dimension, bool keepDimension = false) => SumDimOp.Call(this, Value.Integers(&dimension, 1), keepDimension);

    /// <summary>The mean of all elements, <c>[]</c>.</summary>
    public Tensor Mean() => MeanOp.Call(this);

    /// <summary>The mean along one dimension.</summary>
    public Tensor Mean(long dimension, bool keepDimension = false) => MeanDimOp.Call(this, Value.Integers(&dimension, 1), keepDimension);

    /// <summary>The Euclidean norm along one dimension, which is kept with size 1.</summary>
    public Tensor Norm(long dimension) => NormOp.Call(this, 2.0, Value.Integers(&dimension, 1), true);

    /// <summary>The tensor divided by its Euclidean norm along one dimension.</summary>
    public Tensor Normalize(long dimension) => this / Norm(dimension);

    /// <summary>The largest element, <c>[]</c>.</summary>
    public Tensor Max() => MaxOp.Call(this);

    /// <summary>The largest element along one dimension.</summary>
    public Tensor Max(long dimension, bool keepDimension = false) => AmaxOp.Call(this, Value.Integers(&dimension, 1), keepDimension);

    /// <summary>The smallest element along one dimension.</summary>
    public Tensor Min(long dimension, bool keepDimension = false) => AminOp.Call(this, Value.Integers(&dimension, 1), keepDimension);

    /// <summary>The index (int64) of the largest element along one dimension.</summary>
    public Tensor ArgMax(long dimension, bool keepDimension = false) => ArgMaxOp.Call(this, dimension, keepDimension);

    /// <summary>The <paramref name="count"/> largest elements along one dimension and their indices, largest first.</summary>
    public (Tensor Values, Tensor Indices) TopK(long count, long dimension = -1)
    {
        var results = TopKOp.CallMany(this, count, dimension);
        return (results[0]!, results[1]!);
    }

    /// <summary>The elements sorted along one dimension and their indices.</summary>
    public (Tensor Values, Tensor Indices) Sort(long dimension = -1, bool descending = false)
    {
        var results = SortOp.CallMany(this, dimension, descending);
        return (results[0]!, results[1]!);
    }

    /// <summary>Running sums along one dimension.</summary>
    public Tensor CumSum(long dimension) => CumSumOp.Call(this, dimension);

    /// <summary>Element-wise equality, as booleans.</summary>
    public Tensor Equal(Tensor other) => EqOp.Call(this, other);

    /// <summary>Element-wise equality with a number, as booleans.</summary>
    public Tensor Equal(double other) => EqScalarOp.Call(this, other);

    /// <summary>Element-wise inequality with a number, as booleans.</summary>
    public Tensor NotEqual(double other) => NeScalarOp.Call(this, other);

    /// <summary>Element-wise <c>this &lt; other</c>, as booleans.</summary>
    public Tensor Less(Tensor other) => LtOp.Call(this, other);

    /// <summary>Element-wise <c>this &lt; other</c>, as booleans.</summary>
    public Tensor Less(double other) => LtScalarOp.Call(this, other);

    /// <summary>Element-wise <c>this &gt;= other</c>, as booleans.</summary>
    public Tensor GreaterOrEqual(double other) => GeScalarOp.Call(this, other);

    /// <summary>Element-wise <c>this &gt; other</c>, as booleans.</summary>
    public Tensor Greater(double other) => GtScalarOp.Call(this, other);

    /// <summary>Element-wise not, as booleans.</summary>
    public Tensor Not() => NotOp.Call(this);

    /// <summary>Element-wise and, as booleans.</summary>
    public Tensor And(Tensor other) => AndOp.Call(this, other);

    /// <summary>Element-wise or, as booleans.</summary>
    public Tensor Or(Tensor other) => OrOp.Call(this, other);

    /// <summary>Whether any element along one dimension is true, as booleans.</summary>
    public Tensor Any(long dimension, bool keepDimension = false) => AnyDimOp.Call(this, dimension, keepDimension);

    /// <summary>Whether every element is a finite number.</summary>
    public bool AllFinite()
    {
        using var finite = IsFiniteOp.Call(this);
        using var all = AllOp.Call(finite);
        return all.Item() != 0;
    }

    /// <summary>Softmax along one dimension.</summary>
    public Tensor Softmax(long dimension) => SoftmaxOp.Call(this, dimension);

    /// <summary>The logarithm of the softmax along one dimension.</summary>
    public Tensor LogSoftmax(long dimension) => LogSoftmaxOp.Call(this, dimension);

    /// <summary>Ones with the given probabilities (element-wise), else zeros.</summary>
    public Tensor Bernoulli() => BernoulliOp.Call(this);

    /// <summary>Category indices <c>[B, samples]</c> drawn from rows of unnormalised probabilities <c>[B, C]</c>.</summary>
    public Tensor Multinomial(long samples, bool replacement = true) => MultinomialOp.Call(this, samples, replacement);
}
