// Writes safetensors files: tensors are announced first, then streamed into one atomic file.
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Duet.Torch.Safetensors;

/// <summary>
/// Collects tensors and writes them as one file. Nothing is copied until <see cref="Write"/>, so announced memory must live until then.
/// Tensors are ordered by element size (largest first) and then by name, and the data begins at a multiple of 8,
/// so every tensor is aligned to its element and equal contents give equal files.
/// </summary>
public sealed class SafetensorsWriter
{
    private readonly SortedDictionary<string, Pending> _pending = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Stores a free text beside the tensors, replacing an older one of the same key.</summary>
    public SafetensorsWriter AddMetadata(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        _metadata[key] = value;
        return this;
    }

    /// <summary>Announces a tensor whose bytes are in managed memory.</summary>
    /// <param name="name">Unique in the file, not <c>__metadata__</c>.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes, outermost first; empty for a scalar.</param>
    /// <param name="bytes">The elements, row-major, little-endian.</param>
    /// <exception cref="ArgumentException">The name is taken, or the bytes do not fit type and shape.</exception>
    public SafetensorsWriter Add(string name, SafetensorsType type, long[] shape, ReadOnlyMemory<byte> bytes)
    {
        var expected = ByteLength(name, type, shape);
        return bytes.Length == expected
            ? Add(name, type, shape, stream => stream.Write(bytes.Span))
            : throw new ArgumentException(
                $"Tensor '{name}': {type.HeaderName()} [{string.Join(", ", shape)}] takes {expected} bytes, not {bytes.Length}.",
                nameof(bytes)
            );
    }

    /// <summary>Announces an F32 tensor.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the values do not fit the shape.</exception>
    public SafetensorsWriter Add(string name, long[] shape, float[] values) => Add(name, SafetensorsType.F32, shape, Raw(values));

    /// <summary>Announces an I64 tensor.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the values do not fit the shape.</exception>
    public SafetensorsWriter Add(string name, long[] shape, long[] values) => Add(name, SafetensorsType.I64, shape, Raw(values));

    /// <summary>Announces a dense tensor in native memory, which must stay valid until <see cref="Write"/> has returned.</summary>
    /// <param name="name">Unique in the file, not <c>__metadata__</c>.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes, outermost first; empty for a scalar.</param>
    /// <param name="address">The first element.</param>
    /// <exception cref="ArgumentException">The name is taken, or the shape is impossible.</exception>
    public SafetensorsWriter Add(string name, SafetensorsType type, long[] shape, nint address)
    {
        var length = ByteLength(name, type, shape);
        return Add(name, type, shape, stream => CopyFrom(address, length, stream));
    }

    /// <summary>Announces a tensor that is produced while the file is written.</summary>
    /// <param name="name">Unique in the file, not <c>__metadata__</c>.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes, outermost first; empty for a scalar.</param>
    /// <param name="write">Writes exactly the tensor's bytes, row-major, little-endian.</param>
    /// <exception cref="ArgumentException">The name is taken, or the shape is impossible.</exception>
    public SafetensorsWriter Add(string name, SafetensorsType type, long[] shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var length = ByteLength(name, type, shape);
        if (
            string.Equals(name, SafetensorsHeader.MetadataKey, StringComparison.Ordinal)
            || !_pending.TryAdd(name, new Pending(type, [.. shape], length, write))
        )
        {
            throw new ArgumentException($"A tensor cannot be named '{name}': the name is taken.", nameof(name));
        }

        return this;
    }

    /// <summary>Writes the file: to a temporary name, flushed to the disk, renamed.</summary>
    /// <param name="path">The file; an older one is replaced in one step. Its folder must exist.</param>
    /// <returns>The SHA-256 of the whole file, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="SafetensorsException">A tensor wrote more or fewer bytes than announced, or the header passes the format's
    /// limit.</exception>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public string Write(string path)
    {
        var digest = string.Empty;
        var ordered = _pending.OrderByDescending(item => item.Value.Type.ElementSize()).ToList();
        AtomicFile.Write(
            path,
            file =>
            {
                using var stream = new HashingStream(file);
                WriteHeader(path, ordered, stream);
                foreach (var (name, tensor) in ordered)
                {
                    var begin = stream.Position;
                    tensor.Write(stream);
                    if (stream.Position - begin != tensor.Length)
                    {
                        throw new SafetensorsException(
                            path,
                            name,
                            $"{stream.Position - begin} bytes were written for it, {tensor.Length} were announced."
                        );
                    }
                }

                digest = stream.FinishHash();
            }
        );
        return digest;
    }

    private void WriteHeader(string path, List<KeyValuePair<string, Pending>> ordered, Stream stream)
    {
        using var buffer = new MemoryStream();

        // Names are written as they are; the relaxed encoder only leaves out escapes that web pages need.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json);
            WriteEntries(json, ordered);
            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        if (buffer.Length > SafetensorsHeader.MaximumLength)
        {
            throw new SafetensorsException(
                path,
                null,
                $"the header would have {buffer.Length} bytes; at most {SafetensorsHeader.MaximumLength} are allowed."
            );
        }

        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, buffer.Length);
        stream.Write(prefix);
        stream.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        if (_metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in _metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteEntries(Utf8JsonWriter json, List<KeyValuePair<string, Pending>> ordered)
    {
        long offset = 0;
        foreach (var (name, tensor) in ordered)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", tensor.Type.HeaderName());
            WriteNumbers(json, "shape", tensor.Shape);
            WriteNumbers(json, "data_offsets", [offset, offset + tensor.Length]);
            json.WriteEndObject();
            offset = checked(offset + tensor.Length);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, long[] numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static long ByteLength(string name, SafetensorsType type, long[] shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Length <= SafetensorsHeader.MaximumRank && SafetensorsHeader.TryByteLength(type, shape, out var length)
            ? length
            : throw new ArgumentException($"Tensor '{name}': the shape [{string.Join(", ", shape)}] cannot be stored.", nameof(shape));
    }

    private static ReadOnlyMemory<byte> Raw<T>(T[] values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(values).ToArray();
    }

    private static unsafe void CopyFrom(nint address, long length, Stream stream)
    {
        const int Chunk = 1 << 24;
        for (long done = 0; done < length; done += Chunk)
        {
            stream.Write(new ReadOnlySpan<byte>((void*)(address + (nint)done), (int)Math.Min(Chunk, length - done)));
        }
    }

    private sealed record Pending(SafetensorsType Type, long[] Shape, long Length, Action<Stream> Write);
}
