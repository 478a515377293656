// The tensor: a handle on libtorch's own, with its shape, type and life.
using Duet.Torch.Native;

namespace Duet.Torch;

/// <summary>
/// A tensor of libtorch. It belongs to the innermost open <see cref="TensorScope"/> of the thread that made it, else to the caller;
/// what is never disposed is freed by the collector in the end.
/// </summary>
public sealed unsafe partial class Tensor : IDisposable
{
    private static long live;
    private nint _handle;

    private Tensor(nint handle)
    {
        _handle = handle;
        Interlocked.Increment(ref live);
        TensorScope.Enter(this);
    }

#pragma warning disable MA0055 // A tensor is the handle: SafeHandle's reference counting would cost a locked operation per operator call.
    /// <summary>Frees the handle of a tensor nobody disposed.</summary>
    ~Tensor() => Free();
#pragma warning restore MA0055

    /// <summary>How many tensors this process holds now: what leak tests watch.</summary>
    public static long LiveCount => Interlocked.Read(ref live);

    /// <summary>The number of dimensions.</summary>
    public int Rank
    {
        get
        {
            var rank = NativeMethods.duet_tensor_dim(Handle);
            GC.KeepAlive(this);
            return rank;
        }
    }

    /// <summary>The number of elements.</summary>
    public long ElementCount
    {
        get
        {
            var count = NativeMethods.duet_tensor_numel(Handle);
            GC.KeepAlive(this);
            return count;
        }
    }

    /// <summary>The size of every dimension.</summary>
    public long[] Shape
    {
        get
        {
            var shape = new long[Rank];
            for (var k = 0; k < shape.Length; k++)
            {
                shape[k] = Size(k);
            }

            return shape;
        }
    }

    /// <summary>The element type.</summary>
    public ScalarType Type
    {
        get
        {
            var type = (ScalarType)NativeMethods.duet_tensor_dtype(Handle);
            GC.KeepAlive(this);
            return type;
        }
    }

    /// <summary>Where the tensor lives.</summary>
    public Device Device
    {
        get
        {
            var device = Device.Decode(NativeMethods.duet_tensor_device(Handle));
            GC.KeepAlive(this);
            return device;
        }
    }

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            var contiguous = NativeMethods.duet_tensor_contiguous(Handle) != 0;
            GC.KeepAlive(this);
            return contiguous;
        }
    }

    /// <summary>Where the elements begin in memory. Valid while the tensor lives.</summary>
    /// <exception cref="TorchException">The tensor has no memory of its own.</exception>
    public nint Address
    {
        get
        {
            NativeMethods.Check(NativeMethods.duet_tensor_data(Handle, out var data));
            GC.KeepAlive(this);
            return data;
        }
    }

    internal TensorScope? Scope { get; set; }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>The size of one dimension; negative numbers count from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public long Size(int dimension)
    {
        var rank = Rank;
        var index = dimension < 0 ? dimension + rank : dimension;
        if ((uint)index >= (uint)rank)
        {
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"The tensor has {rank} dimensions.");
        }

        var size = NativeMethods.duet_tensor_size(Handle, index);
        GC.KeepAlive(this);
        return size;
    }

    /// <summary>The elements of a contiguous CPU tensor, in place. Valid while the tensor lives.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous, not on the CPU, or of another type.</exception>
    public Span<T> Data<T>()
        where T : unmanaged
    {
        if (!IsContiguous || Device.IsCuda || SizeOf(Type) != sizeof(T))
        {
            throw new InvalidOperationException($"A {Type} tensor on {Device} (contiguous: {IsContiguous}) cannot be seen as {typeof(T).Name}.");
        }

        return new Span<T>((void*)Address, checked((int)ElementCount));
    }

    /// <summary>A copy of the elements as float32, row-major, from any type and device.</summary>
    public float[] ToArray()
    {
        using var copy = To(ScalarType.Float32, Device.Cpu);
        using var contiguous = copy.Contiguous();
        return contiguous.Data<float>().ToArray();
    }

    /// <summary>A copy of the elements as int64, row-major, from any type and device.</summary>
    public long[] ToInt64Array()
    {
        using var copy = To(ScalarType.Int64, Device.Cpu);
        using var contiguous = copy.Contiguous();
        return contiguous.Data<long>().ToArray();
    }

    /// <summary>The only element, as a double.</summary>
    /// <exception cref="InvalidOperationException">The tensor has more or fewer than one element.</exception>
    public double Item()
    {
        if (ElementCount != 1)
        {
            throw new InvalidOperationException($"A tensor of shape [{string.Join(", ", Shape)}] is not one number.");
        }

        using var copy = To(ScalarType.Float64, Device.Cpu);
        return copy.Data<double>()[0];
    }

    /// <summary>A second handle on the same tensor (no copy), owned by the current scope.</summary>
    public Tensor Alias() => Own(NativeMethods.duet_tensor_alias(Handle));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => _handle == 0 ? "disposed tensor" : $"{Type} [{string.Join(", ", Shape)}] on {Device}";

    internal static Tensor Own(nint handle) => new(handle);

    internal static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.UInt8 or ScalarType.Int8 or ScalarType.Boolean => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        _ => 8,
    };

    private void Free()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            NativeMethods.duet_tensor_free(handle);
            Interlocked.Decrement(ref live);
        }
    }
}
