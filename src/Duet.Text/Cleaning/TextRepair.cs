// Repairs damaged text before it is tokenized: the order of all single repairs.
using System.Text;

namespace Duet.Text.Cleaning;

/// <summary>
/// Repairs text as <c>ftfy.fix_text</c> (rspeer/python-ftfy, version 6.3, default settings) does, which the published CLIP tokenizer calls
/// first. Covered, line by line and until nothing changes any more: HTML references (unless a line has a <c>&lt;</c>), wrong decoding
/// (<see cref="EncodingRepair"/>), C1 control characters as Windows-1252, Latin ligatures, full-width and half-width forms, curly quotes,
/// line breaks, lone surrogates, terminal escapes, control characters, and canonical composition (NFC). Not covered: its warnings, its
/// explanations and its guessing of byte encodings, which a tokenizer has no use for.
/// </summary>
public static class TextRepair
{
    private const int LongestSegment = 1_000_000;

    // A made-up text such as "&amp;amp;amp;..." changes a little in every round; real text is done after two or three.
    private const int MaximumRounds = 64;

    /// <summary>The repaired text.</summary>
    /// <param name="text">Any text.</param>
    public static string Fix(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsPlain(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        bool resolveReferences = true;
        for (int start = 0; start < text.Length; )
        {
            int newLine = text.IndexOf('\n', start);
            int end = Math.Min(newLine < 0 ? text.Length : newLine + 1, start + LongestSegment);
            string segment = text[start..end];

            // One line with markup makes the rest of the text markup, too.
            resolveReferences &= !segment.Contains('<', StringComparison.Ordinal);
            result.Append(FixSegment(segment, resolveReferences));
            start = end;
        }

        return result.ToString();
    }

    private static string FixSegment(string text, bool resolveReferences)
    {
        for (int round = 0; round < MaximumRounds; round++)
        {
            string before = text;
            text = resolveReferences ? HtmlReferences.UnescapeStrictly(text) : text;
            text = EncodingRepair.Fix(text);
            text = EncodingRepair.FixC1Controls(text);
            text = Typography.Simplify(text);
            text = ControlCharacters.UnifyLineBreaks(text);
            text = ControlCharacters.ReplaceLoneSurrogates(text);
            text = ControlCharacters.RemoveTerminalEscapes(text);
            text = ControlCharacters.Remove(text);
            text = UnicodeNormalization.Compose(text);
            if (string.Equals(text, before, StringComparison.Ordinal))
            {
                break;
            }
        }

        return text;
    }

    // Most catalogue texts are printable ASCII without references: nothing to repair.
    private static bool IsPlain(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('&', StringComparison.Ordinal);
}
