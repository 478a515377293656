// HTML character references, resolved by the HTML standard's rules as Python's html.unescape applies them.
using System.Text;
using System.Text.RegularExpressions;

namespace Duet.Text.Cleaning;

/// <summary>
/// Resolves named and numeric character references. Unlike .NET's own decoder it knows the old names that need no semicolon
/// (<c>&amp;copy 2020</c>), all names of the standard, and the Windows-1252 meaning of numbers 128 to 159.
/// </summary>
internal static class HtmlReferences
{
    private const int LongestName = 32;

    private static readonly Dictionary<string, string> Names = UnicodeData.HtmlNames();

    private static readonly Regex StrictReference = new(
        "&#?[0-9A-Za-z]{1,24};",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    // What the numbers 128 to 159 mean: the characters of Windows-1252, which browsers assume.
    private static readonly string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    // Upper-case spellings of names that are lower-case in the standard, such as "&EACUTE;" from a database that shouts.
    private static readonly Dictionary<string, string> ShoutedNames = BuildShoutedNames();

    /// <summary>
    /// The text with only unambiguous references resolved: a known name or number with its semicolon. Also knows names written in capitals.
    /// </summary>
    public static string UnescapeStrictly(string text) =>
        text.Contains('&', StringComparison.Ordinal) ? StrictReference.Replace(text, match => StrictMeaning(match.Value)) : text;

    /// <summary>The text with every reference resolved once.</summary>
    public static string Unescape(string text)
    {
        int at = text.IndexOf('&', StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        int copied = 0;
        while (at >= 0)
        {
            if (TryReference(text, at, out int end, out string meaning))
            {
                result.Append(text, copied, at - copied).Append(meaning);
                copied = end;
            }

            at = text.IndexOf('&', Math.Max(at + 1, copied));
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    private static string StrictMeaning(string reference)
    {
        if (reference[1] != '#')
        {
            string name = reference[1..];
            return Names.GetValueOrDefault(name) ?? ShoutedNames.GetValueOrDefault(name) ?? reference;
        }

        // A semicolon left over means that only a part was a number.
        string meaning = Unescape(reference);
        return meaning.Contains(';', StringComparison.Ordinal) ? reference : meaning;
    }

    private static Dictionary<string, string> BuildShoutedNames()
    {
        var shouted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, meaning) in Names)
        {
            string upper = name.ToUpperInvariant();
            if (
                name[^1] == ';'
                && string.Equals(name, name.ToLowerInvariant(), StringComparison.Ordinal)
                && string.Equals(Unescape("&" + upper), "&" + upper, StringComparison.Ordinal)
            )
            {
                shouted.Add(upper, ToUpper(meaning));
            }
        }

        return shouted;
    }

    // Full upper-casing: beyond the simple mapping only these occur among the names' characters.
    private static string ToUpper(string text) =>
        text switch
        {
            "ß" => "SS",
            "ŉ" => "ʼN",
            "ﬀ" => "FF",
            "ﬁ" => "FI",
            "ﬂ" => "FL",
            "ﬃ" => "FFI",
            "ﬄ" => "FFL",
            _ => text.ToUpperInvariant(),
        };

    private static bool TryReference(string text, int at, out int end, out string meaning) =>
        at + 1 < text.Length && text[at + 1] == '#'
            ? TryNumber(text, at + 2, out end, out meaning)
            : TryName(text, at + 1, out end, out meaning);

    private static bool TryNumber(string text, int start, out int end, out string meaning)
    {
        bool hexadecimal = start < text.Length && text[start] is 'x' or 'X';
        end = hexadecimal ? start + 1 : start;
        int first = end;
        long number = 0;
        while (end < text.Length && DigitValue(text[end], hexadecimal) is var digit and >= 0)
        {
            number = Math.Min((number * (hexadecimal ? 16 : 10)) + digit, 0x110000);
            end++;
        }

        meaning = string.Empty;
        if (end == first)
        {
            return false;
        }

        end += end < text.Length && text[end] == ';' ? 1 : 0;
        meaning = Meaning((int)number);
        return true;
    }

    private static int DigitValue(char value, bool hexadecimal) =>
        (hexadecimal ? char.IsAsciiHexDigit(value) : char.IsAsciiDigit(value)) ? Convert.ToInt32(value.ToString(), 16) : -1;

    private static string Meaning(int number) =>
        number switch
        {
            0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) => "\uFFFD",
            0x0D => "\r",
            >= 0x80 and <= 0x9F => Windows1252[number - 0x80].ToString(),
            (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => string.Empty,
            _ when (number & 0xFFFE) == 0xFFFE => string.Empty,
            _ => char.ConvertFromUtf32(number),
        };

    private static bool TryName(string text, int start, out int end, out string meaning)
    {
        end = start;
        while (end < text.Length && end - start < LongestName && !"\t\n\f <&#;".Contains(text[end], StringComparison.Ordinal))
        {
            end++;
        }

        int stop = end;
        if (end > start && end < text.Length && text[end] == ';')
        {
            end++;
        }

        if (end == start)
        {
            meaning = string.Empty;
            return false;
        }

        // The whole name first, then ever shorter beginnings: "&notit;" begins with the old name "not".
        var lookup = Names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text.AsSpan(start, end - start), out string? whole))
        {
            meaning = whole;
            return true;
        }

        for (int length = stop - start; length > 1; length--)
        {
            if (lookup.TryGetValue(text.AsSpan(start, length), out string? known))
            {
                meaning = known;
                end = start + length;
                return true;
            }
        }

        meaning = string.Empty;
        return false;
    }
}
