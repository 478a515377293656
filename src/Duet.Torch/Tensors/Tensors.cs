// Tensors from spans and back, and the starting values of parameters.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>What TorchSharp's factories lack: tensors from spans of any element type, copies as arrays, truncated normal values.</summary>
public static class Tensors
{
    /// <summary>A tensor with a copy of <paramref name="data"/>, row-major, of the given shape, on the CPU.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
        where T : unmanaged => FromBytes(MemoryMarshal.AsBytes(data), TypeOf<T>(), shape);

    /// <summary>A tensor with a copy of <paramref name="data"/>, row-major, of the given shape, on the CPU.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public static Tensor From<T>(T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged => From((ReadOnlySpan<T>)data, shape);

    /// <summary>A tensor of any element type with a copy of raw bytes, on the CPU.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many bytes.</exception>
    public static Tensor FromBytes(ReadOnlySpan<byte> data, ScalarType type, params ReadOnlySpan<long> shape)
    {
        var tensor = empty(shape, dtype: type, device: CPU);
        if (tensor.numel() * tensor.ElementSize != data.Length)
        {
            tensor.Dispose();
            throw new ArgumentException(
                $"A {type} tensor of shape [{string.Join(", ", shape.ToArray())}] does not hold {data.Length} bytes.",
                nameof(data)
            );
        }

        data.CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>A tensor with one value everywhere.</summary>
    public static Tensor Full(ReadOnlySpan<long> shape, double value, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        empty(shape, dtype: dtype, device: device).FillInPlace(value);

    /// <summary>The numbers from <paramref name="start"/> to before <paramref name="stop"/>: <c>[N]</c>, int64 unless told
    /// otherwise.</summary>
    public static Tensor Range(long start, long stop, long step = 1, ScalarType dtype = ScalarType.Int64, Device? device = null)
    {
        using var first = start.ToScalar();
        using var end = stop.ToScalar();
        using var distance = step.ToScalar();
        return arange(first, end, distance, dtype: dtype, device: device);
    }

    /// <summary>Normally distributed values from libtorch's generator.</summary>
    public static Tensor Normal(ReadOnlySpan<long> shape, double mean = 0, double deviation = 1, Device? device = null) =>
        empty(shape, dtype: ScalarType.Float32, device: device).normal_(mean, deviation);

    /// <summary>Normal values limited to two deviations, by drawing clamped quantiles (the usual "truncated normal" of
    /// transformers).</summary>
    public static Tensor TruncatedNormalInPlace(this Tensor tensor, double deviation)
    {
        // Inverse error function of a uniform value between the two tails' probabilities; exact, without rejection.
        const double tail = 0.954499736103642; // erf(sqrt 2): the mass within two deviations
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var uniform = empty(tensor.shape, dtype: ScalarType.Float32, device: tensor.device).uniform_(-tail, tail);
        tensor.copy_((uniform.erfinv().Times(deviation * Math.Sqrt(2))).Clamp(-2 * deviation, 2 * deviation));
        return tensor;
    }

    /// <summary>A copy of the elements as float32, row-major, from any type and device.</summary>
    public static float[] ToArray(this Tensor tensor) => Copy<float>(tensor, ScalarType.Float32);

    /// <summary>A copy of the elements as int64, row-major, from any type and device.</summary>
    public static long[] ToInt64Array(this Tensor tensor) => Copy<long>(tensor, ScalarType.Int64);

    /// <summary>The elements of a contiguous CPU tensor, in place. Valid while the tensor lives.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous, not on the CPU, or of another type.</exception>
    public static Span<T> AsSpan<T>(this Tensor tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.dtype == TypeOf<T>()
            ? MemoryMarshal.Cast<byte, T>(tensor.bytes)
            : throw new InvalidOperationException($"A {tensor.dtype} tensor cannot be seen as {typeof(T).Name}.");
    }

    /// <summary>Where the elements of a contiguous CPU tensor of any size begin; 0 where it has none. Valid while the tensor
    /// lives.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous or not on the CPU.</exception>
    public static unsafe nint DataAddress(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.is_contiguous() || tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException(
                $"A tensor on {tensor.device} (contiguous: {tensor.is_contiguous()}) has no address to read from."
            );
        }

        // A span holds 2 GiB at most, so only the first element is looked at.
        using var first = tensor.numel() == 0 ? null : tensor.view(-1).narrow(0, 0, 1);
        return first is null ? 0 : (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>Lets a tensor hold another's data (another device, say) while it stays the same parameter.</summary>
    public static void SetData(this Tensor tensor, Tensor data) => SetDataOperator.Run(tensor, data);

    /// <summary>The gradients of a single value with respect to <paramref name="inputs"/>; null where it does not depend on one.</summary>
    public static Tensor?[] GradientsOf(this Tensor value, IList<Tensor> inputs) =>
        [.. autograd.grad([value], inputs, allow_unused: true).Select(gradient => gradient.IsInvalid ? null : gradient)];

    private static readonly StableOperator SetDataOperator = new("aten::set_data");

    private static T[] Copy<T>(Tensor tensor, ScalarType type)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        return tensor.to(type).cpu().contiguous().AsSpan<T>().ToArray();
    }

    private static ScalarType TypeOf<T>() =>
        Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Byte => ScalarType.Byte,
            TypeCode.SByte => ScalarType.Int8,
            TypeCode.Int16 => ScalarType.Int16,
            TypeCode.Int32 => ScalarType.Int32,
            TypeCode.Int64 => ScalarType.Int64,
            TypeCode.Single => ScalarType.Float32,
            TypeCode.Double => ScalarType.Float64,
            TypeCode.Boolean => ScalarType.Bool,
            _ when typeof(T) == typeof(Half) => ScalarType.Float16,
            _ => throw new NotSupportedException($"There is no tensor of {typeof(T).Name}."),
        };
}
