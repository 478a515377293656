// Line breaks, terminal escapes, and characters that do nothing to a text.
using System.Text;
using System.Text.RegularExpressions;

namespace Duet.Text.Cleaning;

/// <summary>Makes line breaks alike and drops what has no visible effect.</summary>
internal static class ControlCharacters
{
    private static readonly Regex TerminalEscape = new(
        @"\u001B\[[\d;]*[a-zA-Z]",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    private static readonly System.Buffers.SearchValues<char> Dropped = System.Buffers.SearchValues.Create([
        .. Range(0x00, 0x08),
        '\u000B',
        .. Range(0x0E, 0x1F),
        '\u007F',
        .. Range(0x206A, 0x206F),
        '\uFEFF',
        .. Range(0xFFF9, 0xFFFC),
    ]);

    private static readonly Regex LineBreak = new(
        "\r\n|[\r\u0085\u2028\u2029]",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    /// <summary>Every kind of line break as a line feed.</summary>
    public static string UnifyLineBreaks(string text) =>
        text.AsSpan().ContainsAny("\r\u0085\u2028\u2029") ? LineBreak.Replace(text, "\n") : text;

    /// <summary>Half surrogate pairs as U+FFFD.</summary>
    public static string ReplaceLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune);
        }

        return result.ToString();
    }

    /// <summary>Drops escape sequences for terminals, such as colours.</summary>
    public static string RemoveTerminalEscapes(string text) =>
        text.Contains('\u001B', StringComparison.Ordinal) ? TerminalEscape.Replace(text, string.Empty) : text;

    /// <summary>
    /// Drops control characters other than tab, line feed, form feed and carriage return; deprecated format characters; annotation marks;
    /// the object replacement character; the byte-order mark.
    /// </summary>
    public static string Remove(string text)
    {
        int first = text.AsSpan().IndexOfAny(Dropped);
        if (first < 0)
        {
            return text;
        }

        var result = new StringBuilder(text, 0, first, text.Length);
        foreach (char value in text.AsSpan(first))
        {
            if (!Dropped.Contains(value))
            {
                result.Append(value);
            }
        }

        return result.ToString();
    }

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(value => (char)value);
}
