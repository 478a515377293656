// Single-byte encodings, both ways, with the tolerance that repairing wrong decoding needs.
namespace Duet.Text.Cleaning;

/// <summary>A single-byte encoding whose lower half is ASCII.</summary>
internal sealed class SingleByteEncoding
{
    private const char Replacement = '\uFFFD';
    private const byte Substitute = 0x1A;

    private readonly char[] _upperHalf = new char[128];
    private readonly Dictionary<char, byte> _bytes = [];

    private SingleByteEncoding(string name, ReadOnlySpan<string> codes, bool tolerant)
    {
        Name = name;
        Tolerant = tolerant;
        for (int i = 0; i < 128; i++)
        {
            // Decoders in the wild pass bytes without meaning through, as Latin-1 does.
            _upperHalf[i] = codes[i] is "-" ? (char)(i + 128) : (char)UnicodeData.Number(codes[i]);
            _bytes.TryAdd(_upperHalf[i], (byte)(i + 128));
        }

        if (tolerant)
        {
            _bytes.Add(Replacement, Substitute);
        }
    }

    /// <summary>The encodings that text is most often wrongly read in, the most probable first.</summary>
    public static IReadOnlyList<SingleByteEncoding> Candidates { get; } =
    [
        .. UnicodeData
            .Lines("single-byte-encodings.txt")
            .Select(fields => new SingleByteEncoding(
                fields[0],
                fields.AsSpan(1),
                fields[0].StartsWith("windows", StringComparison.Ordinal)
            )),
    ];

    /// <summary>Windows-1252, whose bytes 80 to 9F are where Latin-1 has control characters.</summary>
    public static SingleByteEncoding Windows1252 { get; } = Candidates.Single(encoding => encoding.Name is "windows-1252");

    /// <summary>The encoding's name.</summary>
    public string Name { get; }

    /// <summary>Whether a replacement character may stand for a lost byte; it is then encoded as byte 1A.</summary>
    public bool Tolerant { get; }

    /// <summary>The character of a byte from 128 on.</summary>
    public char Decode(int value) => _upperHalf[value - 128];

    /// <summary>The text's bytes, each as a character from U+0000 to U+00FF; null where a character is not in the encoding.</summary>
    public string? Encode(string text)
    {
        char[] result = new char[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            char value = text[i];
            if (char.IsAscii(value) && !(Tolerant && value == Substitute))
            {
                result[i] = value;
            }
            else if (_bytes.TryGetValue(value, out byte code))
            {
                result[i] = (char)code;
            }
            else
            {
                return null;
            }
        }

        return new string(result);
    }
}
