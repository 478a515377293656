// Writes small SentencePiece model files.
using Google.Protobuf;

namespace Duet.Tests.Text;

internal static class SentencePieceFile
{
    public const int Normal = 1;
    public const int Unknown = 2;
    public const int Control = 3;
    public const int UserDefined = 4;
    public const int Byte = 6;

    /// <summary>The pieces T5's and mT5's models begin with.</summary>
    public static (string Text, float Score, int Type)[] T5Head { get; } =
    [("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown)];

    /// <summary>The pieces XLM-RoBERTa's models begin with.</summary>
    public static (string Text, float Score, int Type)[] XlmRobertaHead { get; } =
    [("<unk>", 0, Unknown), ("<s>", 0, Control), ("</s>", 0, Control)];

    /// <summary>mT5 in small: the head, all bytes, the word mark and letters.</summary>
    public static (string Text, float Score, int Type)[] SmallT5 { get; } =
    [
        .. T5Head,
        .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, Byte)),
        ("▁", -2, Normal),
        .. Enumerable.Range('a', 26).Select(letter => ($"{(char)letter}", -3f, Normal)),
    ];

    /// <summary>Writes a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="pieces">All pieces, in the order of the file.</param>
    /// <param name="modelType">1 for unigram.</param>
    /// <param name="addDummyPrefix">Whether a blank is put before a text.</param>
    /// <param name="removeExtraWhiteSpace">Whether blanks at the ends go and runs of them become one.</param>
    public static void Write(
        string file,
        IEnumerable<(string Text, float Score, int Type)> pieces,
        int modelType = 1,
        bool addDummyPrefix = true,
        bool removeExtraWhiteSpace = true
    )
    {
        using var stream = File.Create(file);
        using var output = new CodedOutputStream(stream);
        foreach (var (text, score, type) in pieces)
        {
            Message(
                output,
                1,
                inner =>
                {
                    inner.WriteTag(1, WireFormat.WireType.LengthDelimited);
                    inner.WriteString(text);
                    inner.WriteTag(2, WireFormat.WireType.Fixed32);
                    inner.WriteFloat(score);
                    inner.WriteTag(3, WireFormat.WireType.Varint);
                    inner.WriteInt32(type);
                }
            );
        }

        Message(
            output,
            2,
            inner =>
            {
                inner.WriteTag(3, WireFormat.WireType.Varint);
                inner.WriteInt32(modelType);
            }
        );
        Message(
            output,
            3,
            inner =>
            {
                inner.WriteTag(3, WireFormat.WireType.Varint);
                inner.WriteBool(addDummyPrefix);
                inner.WriteTag(4, WireFormat.WireType.Varint);
                inner.WriteBool(removeExtraWhiteSpace);
            }
        );
    }

    private static void Message(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        using var content = new MemoryStream();
        using (var inner = new CodedOutputStream(content, leaveOpen: true))
        {
            write(inner);
        }

        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content.ToArray()));
    }
}
