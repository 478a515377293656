// Lower-casing and white space as Python's str has them, where .NET differs.
using System.Globalization;
using System.Text;

namespace Duet.Text.Cleaning;

/// <summary>Python's rules for case and white space, which published tokenizers rely on.</summary>
internal static class PythonText
{
    private const string MidWordPunctuation =
        "'.:^`\u00A8\u00AD\u00AF\u00B4\u00B7\u00B8\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    /// <summary>Strips the text and makes every run of white space one blank.</summary>
    public static string CollapseWhiteSpace(string text)
    {
        var result = new StringBuilder(text.Length);
        bool pending = false;
        foreach (char value in text.AsSpan().Trim([.. StripOnly, .. TrimmedWhiteSpace]))
        {
            if (char.IsWhiteSpace(value))
            {
                pending = true;
                continue;
            }

            if (pending)
            {
                result.Append(' ');
                pending = false;
            }

            result.Append(value);
        }

        return result.ToString();
    }

    /// <summary>
    /// Python's <c>str.lower</c>: Unicode's full mapping. Beyond the simple mapping that is two rules: a dotted capital I keeps its dot as
    /// a combining mark, and a sigma at the end of a word takes its final form.
    /// </summary>
    public static string ToLower(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var result = new StringBuilder(text.Length);
        int position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case 0x130:
                    result.Append("i\u0307");
                    break;
                case 0x3A3:
                    result.Append(IsFinalSigma(text, position) ? '\u03C2' : '\u03C3');
                    break;
                default:
                    result.Append(Rune.ToLowerInvariant(rune));
                    break;
            }

            position += rune.Utf16SequenceLength;
        }

        return result.ToString();
    }

    // Python's strip() knows four separators that the regular expression class does not.
    private static ReadOnlySpan<char> StripOnly => "\u001C\u001D\u001E\u001F";

    private static ReadOnlySpan<char> TrimmedWhiteSpace =>
        "\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

    private static bool IsFinalSigma(string text, int position)
    {
        bool casedBefore = false;
        for (int i = position; i > 0; )
        {
            Rune.DecodeLastFromUtf16(text.AsSpan(0, i), out var rune, out int width);
            i -= width;
            if (!IsCaseIgnorable(rune))
            {
                casedBefore = IsCased(rune);
                break;
            }
        }

        if (!casedBefore)
        {
            return false;
        }

        for (int i = position + 1; i < text.Length; )
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out int width);
            i += width;
            if (!IsCaseIgnorable(rune))
            {
                return !IsCased(rune);
            }
        }

        return true;
    }

    // Unicode's Case_Ignorable: marks, format characters, modifier letters and symbols, and punctuation that may be inside a word.
    private static bool IsCaseIgnorable(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol
        || (rune.IsBmp && MidWordPunctuation.Contains((char)rune.Value, StringComparison.Ordinal));

    // Unicode's Cased: letters with case, and the few other characters with Other_Lowercase or Other_Uppercase.
    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
        || rune.Value
            is 0xAA
                or 0xBA
                or (>= 0x2160 and <= 0x217F)
                or (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189);
}
