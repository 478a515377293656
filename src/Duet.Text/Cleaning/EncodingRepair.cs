// Undoes decoding with the wrong encoding ("mojibake").
using System.Text;

namespace Duet.Text.Cleaning;

/// <summary>
/// Repairs text that was written as UTF-8 and read as Latin-1, Windows-1250, -1251, -1252, -1253, -1254, -1257, ISO-8859-2, Mac Roman or
/// code page 437, once or several times, wholly or in parts, also where bytes were lost (the behaviour of <c>fix_encoding</c> of ftfy 6.3).
/// Text that does not look damaged (<see cref="MojibakeDetector"/>) is left alone.
/// </summary>
internal static class EncodingRepair
{
    // Real damage is undone in a handful of rounds; the bounds keep made-up texts from costing more.
    private const int MaximumRounds = 64;
    private const int MaximumDepth = 8;

    /// <summary>The repaired text.</summary>
    public static string Fix(string text) => Fix(text, depth: 0);

    /// <summary>Gives control characters U+0080 to U+009F the meaning of those bytes in Windows-1252, as browsers do.</summary>
    public static string FixC1Controls(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\u0080', '\u009F') < 0)
        {
            return text;
        }

        return string.Create(
            text.Length,
            text,
            static (result, source) =>
            {
                for (int i = 0; i < source.Length; i++)
                {
                    result[i] = source[i] is >= '\u0080' and <= '\u009F' ? SingleByteEncoding.Windows1252.Decode(source[i]) : source[i];
                }
            }
        );
    }

    private static string Fix(string text, int depth)
    {
        for (int round = 0; round < MaximumRounds; round++)
        {
            string before = text;
            text = FixOnce(text, depth);
            if (string.Equals(text, before, StringComparison.Ordinal))
            {
                break;
            }
        }

        return text;
    }

    private static string FixOnce(string text, int depth)
    {
        if (Ascii.IsValid(text) || !MojibakeDetector.IsBad(text))
        {
            return text;
        }

        foreach (var encoding in SingleByteEncoding.Candidates)
        {
            if (encoding.Encode(text) is { } bytes && DecodeAsUtf8(bytes, encoding) is { } whole)
            {
                return whole;
            }
        }

        string parts = Utf8Clues.Replace(text, stretch => RepairStretch(stretch, text, depth));
        return string.Equals(parts, text, StringComparison.Ordinal) ? FixC1Controls(text) : parts;
    }

    private static string? DecodeAsUtf8(string bytes, SingleByteEncoding encoding)
    {
        // In Mac Roman these bytes are an en dash and a blank, which people write.
        if (encoding.Name is not "mac-roman")
        {
            bytes = LostBytes.RestoreNoBreakSpaces(bytes);
        }

        return Utf8Variants.Decode(encoding.Tolerant ? LostBytes.ReplaceLossySequences(bytes) : bytes);
    }

    private static string RepairStretch(string stretch, string text, int depth) =>
        stretch.Length < text.Length && depth < MaximumDepth && MojibakeDetector.IsBad(stretch) ? Fix(stretch, depth + 1) : stretch;
}
