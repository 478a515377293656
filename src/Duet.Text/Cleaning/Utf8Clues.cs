// Finds stretches of text that look like UTF-8 read in a single-byte encoding.
namespace Duet.Text.Cleaning;

/// <summary>
/// The character classes follow from the encodings: what the lead bytes and continuation bytes of UTF-8 are in Latin-1 and in the
/// Windows encodings of the Latin, Cyrillic, Greek and Baltic alphabets.
/// </summary>
internal static class Utf8Clues
{
    // Characters that often stand for themselves beside damaged text: dashes, quotation marks, bullet, ellipsis.
    private const string OrdinaryPunctuation = "\u2013\u2014\u2015\u2018\u2019\u201A\u201C\u201D\u201E\u2022\u2026";

    private static readonly HashSet<char> FirstOfTwo = Characters(0xC2, 0xDF);
    private static readonly HashSet<char> FirstOfThree = Characters(0xE0, 0xEF);
    private static readonly HashSet<char> FirstOfFour = [.. Characters(0xF0, 0xF0), .. Characters(0xF3, 0xF3)];
    private static readonly HashSet<char> StrictContinuation =
    [
        .. Characters(0x80, 0xBF).Except(OrdinaryPunctuation),
        .. Enumerable.Range(0x80, 0x40).Select(value => (char)value),
    ];

    // A blank may have been a no-break space.
    private static readonly HashSet<char> Continuation = [.. StrictContinuation, .. OrdinaryPunctuation, ' '];

    /// <summary>Replaces every stretch of adjacent UTF-8-like sequences by what <paramref name="repair"/> makes of it.</summary>
    public static string Replace(string text, Func<string, string> repair)
    {
        var result = new System.Text.StringBuilder();
        int copied = 0;
        for (int at = 0; at < text.Length; )
        {
            // In the middle of a garble, repairing a few characters would make things worse.
            int end = at > 0 && StrictContinuation.Contains(text[at - 1]) ? at : StretchEnd(text, at);
            if (end == at)
            {
                at++;
                continue;
            }

            result.Append(text, copied, at - copied).Append(repair(text[at..end]));
            copied = at = end;
        }

        return copied == 0 ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private static int StretchEnd(string text, int at)
    {
        while (at < text.Length && SequenceLength(text, at) is var length and > 0)
        {
            at += length;
        }

        return at;
    }

    private static int SequenceLength(string text, int at)
    {
        char first = text[at];
        if (FirstOfTwo.Contains(first) && HasContinuation(text, at, 1))
        {
            return 2;
        }

        if (FirstOfThree.Contains(first) && HasContinuation(text, at, 2))
        {
            return 3;
        }

        return FirstOfFour.Contains(first) && HasContinuation(text, at, 3) ? 4 : 0;
    }

    private static bool HasContinuation(string text, int at, int count)
    {
        for (int i = at + 1; i <= at + count; i++)
        {
            if (i >= text.Length || !Continuation.Contains(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static HashSet<char> Characters(int first, int last) =>
        [
            .. SingleByteEncoding
                .Candidates.Where(encoding => encoding.Tolerant || encoding.Name is "latin-1")
                .SelectMany(encoding => Enumerable.Range(first, last - first + 1).Select(encoding.Decode))
                .Where(value => first == 0x80 || value > 0xBF),
        ];
}
