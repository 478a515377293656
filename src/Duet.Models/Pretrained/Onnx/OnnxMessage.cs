// Reads one protocol buffer message field by field, without copying what it holds.
using System.Text;
using Google.Protobuf;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// A message inside a buffer. Generated classes would copy every weight and build an object for every node of a hostile file; ONNX needs
/// some twenty fields of six messages, so they are read by hand. The field numbers are those of onnx.proto3.
/// </summary>
internal sealed class OnnxMessage : IDisposable
{
    private readonly byte[] _buffer;
    private readonly CodedInputStream _input;
    private uint _tag;

    internal OnnxMessage(byte[] buffer, OnnxRange range)
    {
        _buffer = buffer;
        _input = new CodedInputStream(buffer, range.Start, range.Length);
    }

    /// <summary>The number of the next field, or 0 at the end. Every field must be read or skipped before the next.</summary>
    internal int Next()
    {
        _tag = _input.ReadTag();
        return _tag == 0 ? 0 : WireFormat.GetTagFieldNumber(_tag);
    }

    internal void Skip() => _input.SkipLastField();

    internal long Integer()
    {
        Require(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    internal float Single()
    {
        Require(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    /// <summary>Where the field's bytes are: a text, raw data, or another message.</summary>
    internal OnnxRange Range()
    {
        Require(WireFormat.WireType.LengthDelimited);
        var begin = (int)_input.Position;
        _input.SkipLastField();
        var end = (int)_input.Position;
        using var prefix = new CodedInputStream(_buffer, begin, end - begin);
        var length = prefix.ReadLength();
        return new(end - length, length);
    }

    /// <exception cref="PretrainedException">It is longer than <see cref="OnnxLimits.NameBytes"/>.</exception>
    internal string Text()
    {
        var range = Range();
        return range.Length <= OnnxLimits.NameBytes
            ? Encoding.UTF8.GetString(_buffer, range.Start, range.Length)
            : throw new PretrainedException($"a name has {range.Length} bytes; at most {OnnxLimits.NameBytes} are read.");
    }

    /// <summary>Appends whole numbers, which stand one by one or packed into one field.</summary>
    /// <exception cref="PretrainedException">There are more than <paramref name="most"/>.</exception>
    internal void Integers(List<long> numbers, int most)
    {
        if (WireFormat.GetTagWireType(_tag) == WireFormat.WireType.Varint)
        {
            Add(numbers, _input.ReadInt64(), most);
            return;
        }

        var range = Range();
        using var packed = new CodedInputStream(_buffer, range.Start, range.Length);
        while (!packed.IsAtEnd)
        {
            Add(numbers, packed.ReadInt64(), most);
        }
    }

    /// <summary>Where whole numbers of a varying width lie, which stand one by one or packed into one field.</summary>
    internal OnnxRange Numbers()
    {
        if (WireFormat.GetTagWireType(_tag) == WireFormat.WireType.LengthDelimited)
        {
            return Range();
        }

        Require(WireFormat.WireType.Varint);
        var begin = (int)_input.Position;
        _input.SkipLastField();
        return new(begin, (int)_input.Position - begin);
    }

    /// <summary>Where numbers of a fixed width lie, which stand one by one or packed into one field.</summary>
    /// <param name="width">Bytes of a number: 4 or 8.</param>
    internal OnnxRange Fixed(int width)
    {
        if (WireFormat.GetTagWireType(_tag) == WireFormat.WireType.LengthDelimited)
        {
            return Range();
        }

        Require(width == 4 ? WireFormat.WireType.Fixed32 : WireFormat.WireType.Fixed64);
        var begin = (int)_input.Position;
        _input.SkipLastField();
        return new(begin, width);
    }

    public void Dispose() => _input.Dispose();

    private static void Add(List<long> numbers, long number, int most)
    {
        if (numbers.Count == most)
        {
            throw new PretrainedException($"a list has more than {most} numbers.");
        }

        numbers.Add(number);
    }

    private void Require(WireFormat.WireType type)
    {
        if (WireFormat.GetTagWireType(_tag) != type)
        {
            throw new PretrainedException(
                $"field {WireFormat.GetTagFieldNumber(_tag)} is stored as {WireFormat.GetTagWireType(_tag)}, where {type} was "
                    + $"expected; it is damaged or no ONNX file."
            );
        }
    }
}
