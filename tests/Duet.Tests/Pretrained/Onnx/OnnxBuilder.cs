// Writes small ONNX files.
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Duet.Tests.Pretrained.Onnx;

/// <summary>Builds a model field by field, also with fields no exporter would write.</summary>
internal sealed class OnnxBuilder
{
    private const WireFormat.WireType Bytes = WireFormat.WireType.LengthDelimited;
    private const WireFormat.WireType Varint = WireFormat.WireType.Varint;
    private readonly List<byte> _graph = [];

    public OnnxBuilder Node(string kind, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        NodeOf(string.Empty, kind, inputs, outputs, attributes);

    public OnnxBuilder NodeOf(
        string domain,
        string kind,
        string[] inputs,
        string[] outputs,
        params (string Name, object Value)[] attributes
    ) =>
        Part(
            1,
            node =>
            {
                foreach (var input in inputs)
                {
                    Text(node, 1, input);
                }

                foreach (var output in outputs)
                {
                    Text(node, 2, output);
                }

                Text(node, 4, kind);
                foreach (var (name, value) in attributes)
                {
                    Message(node, 5, attribute => Attribute(attribute, name, value));
                }

                Text(node, 7, domain);
            }
        );

    public OnnxBuilder Tensor(string name, long[] shape, float[] values, OnnxStorage storage = OnnxStorage.Raw) =>
        Part(5, tensor => Write(tensor, name, shape, values, storage));

    public OnnxBuilder Integers(string name, long[] shape, params long[] values) =>
        Part(
            5,
            tensor =>
            {
                Head(tensor, name, shape, 7);
                Raw(tensor, 7, Packed(list => Array.ForEach(values, list.WriteInt64)));
            }
        );

    /// <summary>A tensor of any element type with any raw bytes.</summary>
    public OnnxBuilder Stored(string name, long[] shape, int type, byte[] bytes) =>
        Part(
            5,
            tensor =>
            {
                Head(tensor, name, shape, type);
                Raw(tensor, 9, bytes);
            }
        );

    public OnnxBuilder External(string name, long[] shape, params (string Key, string Value)[] entries) =>
        Part(
            5,
            tensor =>
            {
                Head(tensor, name, shape, 1);
                foreach (var (key, value) in entries)
                {
                    Message(
                        tensor,
                        13,
                        entry =>
                        {
                            Text(entry, 1, key);
                            Text(entry, 2, value);
                        }
                    );
                }

                Number(tensor, 14, 1);
            }
        );

    /// <summary>A part of the graph, written as the caller likes.</summary>
    public OnnxBuilder Part(int field, Action<CodedOutputStream> write)
    {
        _graph.AddRange(Packed(output => Message(output, field, write)));
        return this;
    }

    public byte[] Build()
    {
        using var file = new MemoryStream();
        using (var output = new CodedOutputStream(file, leaveOpen: true))
        {
            Number(output, 1, 8);
            Text(output, 2, "duet's tests");
            Raw(output, 7, _graph.ToArray());
        }

        return file.ToArray();
    }

    internal static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, Bytes);
        output.WriteString(text);
    }

    internal static void Number(CodedOutputStream output, int field, long number)
    {
        output.WriteTag(field, Varint);
        output.WriteInt64(number);
    }

    internal static void Raw(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, Bytes);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static void Message(CodedOutputStream output, int field, Action<CodedOutputStream> write) => Raw(output, field, Packed(write));

    private static byte[] Packed(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }

        return memory.ToArray();
    }

    private static void Attribute(CodedOutputStream attribute, string name, object value)
    {
        Text(attribute, 1, name);
        switch (value)
        {
            case float number:
                attribute.WriteTag(2, WireFormat.WireType.Fixed32);
                attribute.WriteFloat(number);
                break;
            case int number:
                Number(attribute, 3, number);
                break;
            case int[] numbers:
                Array.ForEach(numbers, number => Number(attribute, 8, number));
                break;
            case float[] constant:
                Message(
                    attribute,
                    5,
                    tensor => Write(tensor, string.Empty, constant.Length == 1 ? [] : [constant.Length], constant, OnnxStorage.Raw)
                );
                break;
            default:
                throw new ArgumentException($"no attribute holds a {value.GetType().Name}", nameof(value));
        }
    }

    private static void Write(CodedOutputStream tensor, string name, long[] shape, float[] values, OnnxStorage storage)
    {
        Head(
            tensor,
            name,
            shape,
            storage switch
            {
                OnnxStorage.RawHalf or OnnxStorage.HalfInIntegers => 10,
                OnnxStorage.RawBFloat => 16,
                OnnxStorage.Double => 11,
                _ => 1,
            }
        );
        switch (storage)
        {
            case OnnxStorage.Raw:
                Raw(tensor, 9, MemoryMarshal.AsBytes<float>(values).ToArray());
                break;
            case OnnxStorage.Packed:
                Raw(tensor, 4, MemoryMarshal.AsBytes<float>(values).ToArray());
                break;
            case OnnxStorage.Single:
                foreach (var value in values)
                {
                    tensor.WriteTag(4, WireFormat.WireType.Fixed32);
                    tensor.WriteFloat(value);
                }

                break;
            case OnnxStorage.RawHalf:
                Raw(tensor, 9, MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)).ToArray());
                break;
            case OnnxStorage.HalfInIntegers:
                Raw(tensor, 5, Packed(list => Array.ForEach(values, value => list.WriteInt32(BitConverter.HalfToUInt16Bits((Half)value)))));
                break;
            case OnnxStorage.RawBFloat:
                Raw(
                    tensor,
                    9,
                    MemoryMarshal
                        .AsBytes<ushort>(Array.ConvertAll(values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)))
                        .ToArray()
                );
                break;
            case OnnxStorage.Double:
                Raw(tensor, 10, MemoryMarshal.AsBytes<double>(Array.ConvertAll(values, value => (double)value)).ToArray());
                break;
        }
    }

    private static void Head(CodedOutputStream tensor, string name, long[] shape, int type)
    {
        foreach (var size in shape)
        {
            Number(tensor, 1, size);
        }

        Number(tensor, 2, type);
        Text(tensor, 8, name);
    }
}
