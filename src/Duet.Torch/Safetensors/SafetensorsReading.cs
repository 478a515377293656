// Typed copies out of any set of stored tensors.
using System.Runtime.InteropServices;

namespace Duet.Torch.Safetensors;

/// <summary>Reads stored tensors as spans and managed arrays.</summary>
public static class SafetensorsReading
{
    /// <summary>The tensor of a name.</summary>
    /// <exception cref="SafetensorsException">There is no such tensor.</exception>
    public static SafetensorsEntry Get(this ISafetensorsSource source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        if (source.TryGet(name, out var entry))
        {
            return entry;
        }

        var first = string.Join(", ", source.Entries.Take(5).Select(present => SafetensorsException.Shorten(present.Name)));
        throw new SafetensorsException(
            source.Path,
            name,
            $"it is not in the file, which holds {source.Entries.Count} tensors "
                + $"({first}{(source.Entries.Count > 5 ? ", ..." : string.Empty)})."
        );
    }

    /// <summary>The tensor's bytes inside the mapped file, without a copy. Valid until the source is disposed.</summary>
    /// <exception cref="SafetensorsException">There is no such tensor, or it is larger than a span can be (2 GiB); use its address
    /// then.</exception>
    /// <exception cref="ObjectDisposedException">The files are closed.</exception>
    public static unsafe ReadOnlySpan<byte> Bytes(this ISafetensorsSource source, string name)
    {
        var entry = source.Get(name);
        return entry.Length <= int.MaxValue
            ? new ReadOnlySpan<byte>((void*)source.Address(name), (int)entry.Length)
            : throw new SafetensorsException(
                source.Path,
                name,
                $"its {entry.Length} bytes do not fit one span; read it through its address."
            );
    }

    /// <summary>A copy of a floating-point tensor; F16, BF16 and F64 are converted (F64 rounds to nearest).</summary>
    /// <returns>The elements, row-major.</returns>
    /// <exception cref="SafetensorsException">There is no such tensor, it does not hold floats, or it does not fit one array.</exception>
    public static float[] ReadFloat32(this ISafetensorsSource source, string name)
    {
        var entry = source.Get(name);
        var bytes = source.Bytes(name);
        switch (entry.Type)
        {
            case SafetensorsType.F32:
                return Numbers<float>(bytes).ToArray();
            case SafetensorsType.F64:
                return Convert(Numbers<double>(bytes), value => (float)value);
            case SafetensorsType.F16:
                return Convert(Numbers<Half>(bytes), value => (float)value);
            case SafetensorsType.BF16:
                return Convert(Numbers<ushort>(bytes), value => BitConverter.UInt32BitsToSingle((uint)value << 16));
            default:
                throw new SafetensorsException(
                    source.Path,
                    name,
                    $"it holds {entry.Type.HeaderName()}; F32, F64, F16 or BF16 was expected."
                );
        }
    }

    /// <summary>A copy of an F64 tensor, or of another floating-point tensor widened without loss.</summary>
    /// <exception cref="SafetensorsException">There is no such tensor, it does not hold floats, or it does not fit one array.</exception>
    public static double[] ReadFloat64(this ISafetensorsSource source, string name) =>
        source.Get(name).Type == SafetensorsType.F64
            ? Numbers<double>(source.Bytes(name)).ToArray()
            : Array.ConvertAll(source.ReadFloat32(name), value => (double)value);

    /// <summary>A copy of a tensor of whole numbers or truth values (false 0, true 1).</summary>
    /// <returns>The elements, row-major.</returns>
    /// <exception cref="SafetensorsException">There is no such tensor, it holds floats, a number above 2^63 - 1, or a truth value other
    /// than 0 and 1.</exception>
    public static long[] ReadInt64(this ISafetensorsSource source, string name)
    {
        var entry = source.Get(name);
        var bytes = source.Bytes(name);
        switch (entry.Type)
        {
            case SafetensorsType.I64:
                return Numbers<long>(bytes).ToArray();
            case SafetensorsType.I32:
                return Convert(Numbers<int>(bytes), value => (long)value);
            case SafetensorsType.I16:
                return Convert(Numbers<short>(bytes), value => (long)value);
            case SafetensorsType.I8:
                return Convert(Numbers<sbyte>(bytes), value => (long)value);
            case SafetensorsType.U8:
                return Convert(bytes, value => (long)value);
            case SafetensorsType.U16:
                return Convert(Numbers<ushort>(bytes), value => (long)value);
            case SafetensorsType.U32:
                return Convert(Numbers<uint>(bytes), value => (long)value);
            case SafetensorsType.U64 when Numbers<ulong>(bytes).ContainsAnyExceptInRange(0UL, (ulong)long.MaxValue):
                throw new SafetensorsException(source.Path, name, "it holds a number above 2^63 - 1.");
            case SafetensorsType.U64:
                return Convert(Numbers<ulong>(bytes), value => (long)value);
            case SafetensorsType.Bool when bytes.ContainsAnyExceptInRange((byte)0, (byte)1):
                throw new SafetensorsException(source.Path, name, "it holds truth values other than 0 and 1.");
            case SafetensorsType.Bool:
                return Convert(bytes, value => (long)value);
            default:
                throw new SafetensorsException(
                    source.Path,
                    name,
                    $"it holds {entry.Type.HeaderName()}; whole numbers or BOOL were expected."
                );
        }
    }

    // The format is little-endian and so is every machine libtorch is built for; refuse the others instead of reading nonsense.
    private static ReadOnlySpan<T> Numbers<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged =>
        BitConverter.IsLittleEndian
            ? MemoryMarshal.Cast<byte, T>(bytes)
            : throw new PlatformNotSupportedException("Safetensors files are read on little-endian machines only.");

    private static TOut[] Convert<TIn, TOut>(ReadOnlySpan<TIn> values, Func<TIn, TOut> convert)
    {
        var result = new TOut[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = convert(values[i]);
        }

        return result;
    }
}
