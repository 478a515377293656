// Reads one stored tensor (TensorProto) and checks that its bytes are those of its shape.
using System.Buffers.Binary;
using Duet.Torch.Safetensors;
using Google.Protobuf;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// Elements are stored in one of three ways: as raw bytes, as a list of numbers, or in another file. Float16 and bfloat16 in a list are
/// whole numbers that hold the bits.
/// </summary>
internal sealed class OnnxTensorReader(byte[] buffer, OnnxFolder folder)
{
    private const int External = 1;

    /// <summary>Reads a tensor; null for texts, which are no weights.</summary>
    /// <exception cref="PretrainedException">It is damaged, too large, or of an element type that is not read.</exception>
    internal OnnxTensor? Read(OnnxRange range, string? name = null)
    {
        var stored = Fields(range);
        var called = name ?? stored.Name;
        if (stored.Type == OnnxElements.String)
        {
            return null;
        }

        var type =
            OnnxElements.TypeOf(stored.Type)
            ?? throw new PretrainedException(
                $"tensor '{called}' holds {OnnxElements.NameOf(stored.Type)}; weights are float16, bfloat16, float32 or float64. Take "
                    + $"the full-precision file."
            );
        long[] shape = [.. stored.Shape];
        var length = Length(called, type, shape);
        return stored.Location == External
            ? new(called, type, shape, ReadOnlyMemory<byte>.Empty, folder.Find(called, stored.Entries, length))
            : new(called, type, shape, Data(stored, called, type, length));
    }

    private static long Length(string name, SafetensorsType type, long[] shape)
    {
        var length = (Int128)type.ElementSize();
        foreach (var size in shape)
        {
            length = size >= 0 && length <= long.MaxValue ? length * size : throw Impossible(name, shape);
        }

        return length <= long.MaxValue ? (long)length : throw Impossible(name, shape);
    }

    private Stored Fields(OnnxRange range)
    {
        var stored = new Stored();
        using var message = new OnnxMessage(buffer, range);
        for (var field = message.Next(); field != 0; field = message.Next())
        {
            switch (field)
            {
                case 1:
                    message.Integers(stored.Shape, OnnxLimits.Rank);
                    break;
                case 2:
                    stored.Type = message.Integer();
                    break;
                case 3:
                    throw new PretrainedException($"tensor '{stored.Name}' is one segment of several, which no published model has.");
                case 4:
                    stored.Add(4, message.Fixed(4));
                    break;
                case 5 or 7 or 11:
                    stored.Add(message.Numbers());
                    break;
                case 8:
                    stored.Name = message.Text();
                    break;
                case 9:
                    stored.Add(9, message.Range());
                    break;
                case 10:
                    stored.Add(10, message.Fixed(8));
                    break;
                case 13:
                    stored.Add(Entry(message.Range()));
                    break;
                case 14:
                    stored.Location = message.Integer();
                    break;
                default:
                    message.Skip();
                    break;
            }
        }

        return stored;
    }

    private KeyValuePair<string, string> Entry(OnnxRange range)
    {
        var (key, value) = (string.Empty, string.Empty);
        using var message = new OnnxMessage(buffer, range);
        for (var field = message.Next(); field != 0; field = message.Next())
        {
            switch (field)
            {
                case 1:
                    key = message.Text();
                    break;
                case 2:
                    value = message.Text();
                    break;
                default:
                    message.Skip();
                    break;
            }
        }

        return new(key, value);
    }

    private ReadOnlyMemory<byte> Data(Stored stored, string name, SafetensorsType type, long length)
    {
        if (stored.Fixed is [var only] && stored.Numbers.Count == 0)
        {
            return only.Length == length
                ? buffer.AsMemory(only.Start, only.Length)
                : throw WrongLength(name, stored.Shape, length, only.Length);
        }

        var found =
            stored.Numbers.Count > 0
                ? stored.Numbers.Sum(range => (long)CountNumbers(range)) * type.ElementSize()
                : stored.Fixed.Sum(range => (long)range.Length);
        if (found != length || length > Array.MaxLength || (stored.Numbers.Count > 0 && stored.Fixed.Count > 0))
        {
            throw WrongLength(name, stored.Shape, length, found);
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)length, pinned: true);
        var end = 0;
        foreach (var range in stored.Fixed)
        {
            buffer.AsSpan(range.Start, range.Length).CopyTo(bytes.AsSpan(end));
            end += range.Length;
        }

        foreach (var range in stored.Numbers)
        {
            end = CopyNumbers(range, type.ElementSize(), bytes, end);
        }

        return bytes;
    }

    // Every number ends with a byte below 128.
    private int CountNumbers(OnnxRange range)
    {
        var count = 0;
        foreach (var value in buffer.AsSpan(range.Start, range.Length))
        {
            count += value < 0x80 ? 1 : 0;
        }

        return count;
    }

    private int CopyNumbers(OnnxRange range, int size, byte[] bytes, int end)
    {
        using var numbers = new CodedInputStream(buffer, range.Start, range.Length);
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        while (!numbers.IsAtEnd)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(whole, numbers.ReadUInt64());
            whole[..size].CopyTo(bytes.AsSpan(end));
            end += size;
        }

        return end;
    }

    private static PretrainedException Impossible(string name, long[] shape) =>
        new($"tensor '{name}' has the impossible shape [{string.Join(", ", shape)}].");

    private static PretrainedException WrongLength(string name, List<long> shape, long expected, long found) =>
        new($"tensor '{name}' of shape [{string.Join(", ", shape)}] takes {expected} bytes, but {found} are stored; the file is damaged.");

    private sealed class Stored
    {
        private int _field;

        internal string Name { get; set; } = string.Empty;

        internal long Type { get; set; }

        internal long Location { get; set; }

        internal List<long> Shape { get; } = [];

        internal List<OnnxRange> Fixed { get; } = [];

        internal List<OnnxRange> Numbers { get; } = [];

        internal List<KeyValuePair<string, string>> Entries { get; } = [];

        internal void Add(int field, OnnxRange range)
        {
            if (Fixed.Count > 0 && _field != field)
            {
                throw new PretrainedException($"tensor '{Name}' is stored twice, as raw bytes and as numbers; the file is damaged.");
            }

            // An empty list says nothing.
            _field = field;
            if (range.Length > 0)
            {
                Add(Fixed, range);
            }
        }

        internal void Add(OnnxRange numbers) => Add(Numbers, numbers);

        internal void Add(KeyValuePair<string, string> entry)
        {
            if (Entries.Count == OnnxLimits.Rank)
            {
                throw new PretrainedException($"tensor '{Name}' says in more than {OnnxLimits.Rank} entries where its data is.");
            }

            Entries.Add(entry);
        }

        private void Add(List<OnnxRange> ranges, OnnxRange range)
        {
            if (ranges.Count == OnnxLimits.Pieces)
            {
                throw new PretrainedException($"tensor '{Name}' is stored in more than {OnnxLimits.Pieces} pieces.");
            }

            ranges.Add(range);
        }
    }
}
