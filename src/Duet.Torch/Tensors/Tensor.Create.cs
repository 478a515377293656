// Making tensors.
using Duet.Torch.Native;

namespace Duet.Torch;

public sealed unsafe partial class Tensor
{
    private static readonly Operator EmptyOperator = new("aten::empty", "memory_format");
    private static readonly Operator FullOperator = new("aten::full");
    private static readonly Operator ArangeOperator = new("aten::arange", "start_step");
    private static readonly Operator OneHotOperator = new("aten::one_hot");

    /// <summary>A tensor with a copy of <paramref name="data"/>, row-major, of the given shape, on the CPU.</summary>
    /// <exception cref="TorchException">The shape does not hold as many elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        fixed (T* first = data)
        fixed (long* sizes = shape)
        {
            // A null pointer would mean "uninitialised"; an empty span still needs a place to copy nothing from.
            T none = default;
            var source = first is null ? &none : first;
            NativeMethods.Check(NativeMethods.duet_tensor_new(source, (long)data.Length * sizeof(T), sizes, shape.Length, (int)TypeOf<T>(), out var handle));
            return Own(handle);
        }
    }

    /// <summary>A tensor with a copy of <paramref name="data"/>, row-major, of the given shape, on the CPU.</summary>
    /// <exception cref="TorchException">The shape does not hold as many elements.</exception>
    public static Tensor From<T>(T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged
        => From((ReadOnlySpan<T>)data, shape);

    /// <summary>A tensor of any element type with a copy of raw bytes, on the CPU.</summary>
    /// <exception cref="TorchException">The shape does not hold as many bytes.</exception>
    public static Tensor FromBytes(ReadOnlySpan<byte> data, ScalarType type, params ReadOnlySpan<long> shape)
    {
        fixed (byte* first = data)
        fixed (long* sizes = shape)
        {
            byte none = 0;
            NativeMethods.Check(NativeMethods.duet_tensor_new(first is null ? &none : first, data.Length, sizes, shape.Length, (int)type, out var handle));
            return Own(handle);
        }
    }

    /// <summary>One number as a tensor of shape <c>[]</c>.</summary>
    public static Tensor Scalar(double value, ScalarType type = ScalarType.Float32, Device device = default)
        => FullOperator.Call(Value.Integers(null, 0), value, type, Value.None, device);

    /// <summary>Uninitialised memory.</summary>
    public static Tensor Empty(ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32, Device device = default)
    {
        fixed (long* sizes = shape)
        {
            return EmptyOperator.Call(Value.Integers(sizes, shape.Length), type, Value.None, device);
        }
    }

    /// <summary>One value everywhere.</summary>
    public static Tensor Full(ReadOnlySpan<long> shape, double value, ScalarType type = ScalarType.Float32, Device device = default)
    {
        fixed (long* sizes = shape)
        {
            return FullOperator.Call(Value.Integers(sizes, shape.Length), value, type, Value.None, device);
        }
    }

    /// <summary>Zero everywhere.</summary>
    public static Tensor Zeros(ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32, Device device = default)
        => Full(shape, 0, type, device);

    /// <summary>One everywhere.</summary>
    public static Tensor Ones(ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32, Device device = default)
        => Full(shape, 1, type, device);

    /// <summary><c>start, start + step, ...</c> below <paramref name="end"/>, as <c>[N]</c>.</summary>
    public static Tensor Range(long start, long end, long step = 1, ScalarType type = ScalarType.Int64, Device device = default)
        => ArangeOperator.Call(start, end, step, type, Value.None, device);

    /// <summary>Normally distributed numbers from libtorch's generator.</summary>
    public static Tensor Normal(ReadOnlySpan<long> shape, double mean = 0, double deviation = 1, Device device = default)
        => Empty(shape, ScalarType.Float32, device).NormalInPlace(mean, deviation);

    /// <summary>Class indices <c>[...]</c> to rows <c>[..., classes]</c> of int64 with a single one.</summary>
    public Tensor OneHot(long classes) => OneHotOperator.Call(this, classes);

    private static ScalarType TypeOf<T>() => System.Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Byte => ScalarType.UInt8,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        TypeCode.Boolean => ScalarType.Boolean,
        _ when typeof(T) == typeof(Half) => ScalarType.Float16,
        _ => throw new NotSupportedException($"There is no tensor of {typeof(T).Name}."),
    };
}
