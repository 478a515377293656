// Puts back bytes of UTF-8 that were lost or changed on the way. Bytes are held as characters U+0000 to U+00FF.
using System.Text.RegularExpressions;

namespace Duet.Text.Cleaning;

/// <summary>Repairs UTF-8 byte sequences in which a program replaced bytes it did not understand.</summary>
internal static class LostBytes
{
    private const RegexOptions Linear = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    // Where byte A0 was taken for a blank: only lead bytes after which A0 makes a likely character.
    private static readonly Regex BlankForA0 = new(
        "[\u00C2\u00C3\u00C5\u00CE\u00D0\u00D9] "
            + "|[\u00E2\u00E3] [\u0080-\u0084\u0086-\u009F\u00A1-\u00BF]"
            + "|[\u00E0-\u00E3][\u0080-\u0084\u0086-\u009F\u00A1-\u00BF] "
            + "|\u00F0 [\u0080-\u00BF]{2}|\u00F0[\u0080-\u00BF] [\u0080-\u00BF]|\u00F0[\u0080-\u00BF]{2} ",
        Linear
    );

    // Sequences in which a byte is known to be lost (1A), or may have become a question mark.
    private static readonly Regex Lossy = new(
        "[\u00C2-\u00DF]\u001A|[\u00C2\u00C3]\\?"
            + "|\u00ED[\u00A0-\u00AF][\u001A?]\u00ED[\u00B0-\u00BF][\u001A?\u0080-\u00BF]"
            + "|\u00ED[\u00A0-\u00AF][\u001A?\u0080-\u00BF]\u00ED[\u00B0-\u00BF][\u001A?]"
            + "|[\u00E0-\u00EF][\u001A?][\u001A\u0080-\u00BF]|[\u00E0-\u00EF][\u001A\u0080-\u00BF][\u001A?]"
            + "|[\u00F0-\u00F4][\u001A?][\u001A\u0080-\u00BF]{2}"
            + "|[\u00F0-\u00F4][\u001A\u0080-\u00BF][\u001A?][\u001A\u0080-\u00BF]"
            + "|[\u00F0-\u00F4][\u001A\u0080-\u00BF]{2}[\u001A?]|\u001A",
        Linear
    );

    private static readonly Regex LetterAGrave = new("\u00C3 ", Linear);

    // Portuguese contractions that begin with this letter; elsewhere it is mostly the French word of one letter.
    private static readonly string[] Contractions = [" ", "quele", "quela", "quilo", "s "];

    /// <summary>Makes blanks no-break spaces again where that completes a likely UTF-8 sequence.</summary>
    public static string RestoreNoBreakSpaces(string bytes)
    {
        if (!BlankForA0.IsMatch(bytes))
        {
            return bytes;
        }

        string separated = LetterAGrave.Replace(
            bytes,
            match =>
                Array.Exists(Contractions, part => bytes.AsSpan(match.Index + 2).StartsWith(part, StringComparison.Ordinal))
                    ? match.Value
                    : "\u00C3\u00A0 "
        );
        return BlankForA0.Replace(separated, match => match.Value.Replace(' ', '\u00A0'));
    }

    /// <summary>Replaces sequences with lost bytes by the bytes of U+FFFD.</summary>
    public static string ReplaceLossySequences(string bytes) => Lossy.Replace(bytes, "\u00EF\u00BF\u00BD");
}
