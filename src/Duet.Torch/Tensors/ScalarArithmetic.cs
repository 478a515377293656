// Arithmetic of tensors with single numbers, with each number held until libtorch has read it.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>
/// What a system computes with a tensor and a number, and the sum of two tensors. TorchSharp's own operators hand libtorch a pointer to a
/// <see cref="Scalar"/> that nothing refers to any more, so that the garbage collector may free it first: rarely, libtorch then reads freed
/// memory, and fails or computes with another number (docs/decisions/017). Here every number lives until the call returns.
/// </summary>
public static class ScalarArithmetic
{
    // Sums of tensors take a factor for the second one.
    private static readonly Scalar One = 1L.ToScalar();

    /// <summary><paramref name="left"/> + <paramref name="right"/>, broadcast.</summary>
    public static Tensor Plus(this Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.add(right, One);
    }

    /// <summary>Every element plus a number.</summary>
    public static Tensor Plus(this Tensor tensor, double value) => With(tensor, value, static (t, s) => t.add(s, One));

    /// <summary>Every element plus a whole number; integers stay integers.</summary>
    public static Tensor Plus(this Tensor tensor, long value) => With(tensor, value, static (t, s) => t.add(s, One));

    /// <summary>Every element minus a number.</summary>
    public static Tensor Minus(this Tensor tensor, double value) => With(tensor, value, static (t, s) => t.sub(s));

    /// <summary>Every element minus a whole number; integers stay integers.</summary>
    public static Tensor Minus(this Tensor tensor, long value) => With(tensor, value, static (t, s) => t.sub(s));

    /// <summary>A number minus every element.</summary>
    public static Tensor SubtractedFrom(this Tensor tensor, double value) => tensor.Times(-1.0).Plus(value);

    /// <summary>A whole number minus every element; integers stay integers.</summary>
    public static Tensor SubtractedFrom(this Tensor tensor, long value) => With(tensor, -1L, static (t, s) => t.mul(s)).Plus(value);

    /// <summary>Every element times a number.</summary>
    public static Tensor Times(this Tensor tensor, double value) => With(tensor, value, static (t, s) => t.mul(s));

    /// <summary>Every element to a whole power.</summary>
    public static Tensor Power(this Tensor tensor, long exponent) => With(tensor, exponent, static (t, s) => t.pow(s));

    /// <summary>The tensor itself, with a number added to every element.</summary>
    public static Tensor AddInPlace(this Tensor tensor, long value) => With(tensor, value, static (t, s) => t.add_(s, One));

    /// <summary>The tensor itself, with every element multiplied by a number.</summary>
    public static Tensor MultiplyInPlace(this Tensor tensor, double value) => With(tensor, value, static (t, s) => t.mul_(s));

    /// <summary>The tensor itself, with every element set to a number.</summary>
    public static Tensor FillInPlace(this Tensor tensor, double value) => With(tensor, value, static (t, s) => t.fill_(s));

    /// <summary>The tensor with a number where the mask is true.</summary>
    /// <param name="tensor">Any shape.</param>
    /// <param name="mask">Booleans that broadcast to it.</param>
    /// <param name="value">The number.</param>
    public static Tensor MaskedFill(this Tensor tensor, Tensor mask, double value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scalar = value.ToScalar();
        return tensor.masked_fill(mask, scalar);
    }

    /// <summary>The tensor with a whole number where the mask is true; integers stay integers.</summary>
    /// <param name="tensor">Any shape.</param>
    /// <param name="mask">Booleans that broadcast to it.</param>
    /// <param name="value">The number.</param>
    public static Tensor MaskedFill(this Tensor tensor, Tensor mask, long value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scalar = value.ToScalar();
        return tensor.masked_fill(mask, scalar);
    }

    /// <summary>Every element, but at least <paramref name="min"/> and at most <paramref name="max"/> where they are given.</summary>
    public static Tensor Clamp(this Tensor tensor, double? min, double? max = null) => Clamp(tensor, min?.ToScalar(), max?.ToScalar());

    /// <summary>The same with whole numbers; integers stay integers.</summary>
    public static Tensor Clamp(this Tensor tensor, long? min, long? max = null) => Clamp(tensor, min?.ToScalar(), max?.ToScalar());

    /// <summary>Where an element equals a number.</summary>
    public static Tensor EqualTo(this Tensor tensor, long value) => With(tensor, value, static (t, s) => t.eq(s));

    /// <summary>Where an element differs from a number.</summary>
    public static Tensor NotEqualTo(this Tensor tensor, long value) => With(tensor, value, static (t, s) => t.ne(s));

    /// <summary>Where an element is greater than a number.</summary>
    public static Tensor GreaterThan(this Tensor tensor, double value) => With(tensor, value, static (t, s) => t.gt(s));

    /// <summary>Where an element is a number or greater.</summary>
    public static Tensor GreaterOrEqual(this Tensor tensor, long value) => With(tensor, value, static (t, s) => t.ge(s));

    /// <summary>Where an element is less than a number.</summary>
    public static Tensor LessThan(this Tensor tensor, double value) => With(tensor, value, static (t, s) => t.lt(s));

    /// <summary>The only element of a tensor.</summary>
    public static double ToNumber(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scalar = tensor.ToScalar();
        return scalar.ToDouble();
    }

    private static Tensor Clamp(Tensor tensor, Scalar? min, Scalar? max)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using (min)
        using (max)
        {
            return tensor.clamp(min, max);
        }
    }

    private static Tensor With(Tensor tensor, double value, Func<Tensor, Scalar, Tensor> compute)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scalar = value.ToScalar();
        return compute(tensor, scalar);
    }

    private static Tensor With(Tensor tensor, long value, Func<Tensor, Scalar, Tensor> compute)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scalar = value.ToScalar();
        return compute(tensor, scalar);
    }
}
