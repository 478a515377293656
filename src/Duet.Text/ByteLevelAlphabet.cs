// The one-to-one table between bytes and printable characters that byte-level vocabularies are written in.
using System.Text;

namespace Duet.Text;

/// <summary>
/// The byte alphabet of GPT-2 and CLIP: every byte has a printable character, so that a vocabulary file never holds blanks or control
/// characters. Printable Latin-1 bytes stand for themselves; the others take the characters from U+0100 on, in byte order.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] ByteToCharTable = BuildByteToChar();
    private static readonly Dictionary<char, byte> CharToByteTable = ByteToCharTable
        .Select((symbol, value) => (symbol, value))
        .ToDictionary(pair => pair.symbol, pair => (byte)pair.value);

    /// <summary>The 256 characters in the published vocabulary's order: printable bytes first, then the others.</summary>
    public static IReadOnlyList<char> VocabularyOrder { get; } =
    [
        .. Enumerable.Range(0, 256).Where(IsPrintable).Select(value => ByteToCharTable[value]),
        .. Enumerable.Range(0, 256).Where(value => !IsPrintable(value)).Select(value => ByteToCharTable[value]),
    ];

    /// <summary>The character of a byte.</summary>
    public static char ToChar(byte value) => ByteToCharTable[value];

    /// <summary>The byte of a character of the alphabet.</summary>
    public static bool TryToByte(char symbol, out byte value) => CharToByteTable.TryGetValue(symbol, out value);

    /// <summary>The text whose UTF-8 bytes are written in alphabet characters; characters outside the alphabet are taken as UTF-8
    /// themselves.</summary>
    public static string Decode(ReadOnlySpan<char> symbols)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(symbols.Length)];
        int count = 0;
        foreach (char symbol in symbols)
        {
            if (TryToByte(symbol, out byte value))
            {
                bytes[count++] = value;
            }
            else
            {
                count += Encoding.UTF8.GetBytes([symbol], bytes.AsSpan(count));
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private static bool IsPrintable(int value) => value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);

    private static char[] BuildByteToChar()
    {
        var table = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            table[value] = (char)(IsPrintable(value) ? value : next++);
        }

        return table;
    }
}
