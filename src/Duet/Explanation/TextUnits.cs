// Cuts a text into the units that are scored, and finds their tokens.
using System.Globalization;
using System.Text;
using Duet.Data;
using Duet.Text;

namespace Duet.Explanation;

/// <summary>Words of a text and the tokens they became.</summary>
internal static class TextUnits
{
    // Beginnings and ends of the blocks whose scripts put no spaces between words.
    private static readonly (int First, int Last)[] Unspaced =
    [
        (0x0E00, 0x0EFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
        (0x2E80, 0x30FF),
        (0x31F0, 0x31FF),
        (0x3400, 0x9FFF),
        (0xF900, 0xFAFF),
        (0x20000, 0x3FFFF),
    ];

    /// <summary>The units of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="encoding">How many tokens the model reads at once, and what becomes of longer texts.</param>
    public static IReadOnlyList<TextUnit> Of(string text, ITokenizer tokenizer, EncodingOptions encoding)
    {
        var spans = Spans(text);
        var units = new List<TextUnit>(spans.Count);
        var total = tokenizer.Tokenize(text).Length;

        // A prefix has the tokens that it has in the whole text where words are tokenized apart; where they are not, the count still never
        // falls.
        var before = 0;
        for (var i = 0; i < spans.Count; i++)
        {
            var (start, length) = spans[i];
            var after = i == spans.Count - 1 ? total : Math.Clamp(tokenizer.Tokenize(text[..(start + length)]).Length, before, total);
            TokenPlace[] places =
            [
                .. Enumerable
                    .Range(before, after - before)
                    .Select(token => PlaceOf(token, total, tokenizer, encoding))
                    .OfType<TokenPlace>(),
            ];
            units.Add(new TextUnit(text.Substring(start, length), start, Seen: places.Length > 0) { Places = places });
            before = after;
        }

        return units;
    }

    /// <summary>A text without some of its units: what was separate stays separate.</summary>
    /// <param name="text">The text.</param>
    /// <param name="units">Its units.</param>
    /// <param name="kept">Which stay.</param>
    public static string Without(string text, IReadOnlyList<TextUnit> units, IReadOnlyList<bool> kept)
    {
        var result = new StringBuilder(text.Length);
        var end = 0;
        for (var i = 0; i < units.Count; i++)
        {
            if (kept[i])
            {
                if (result.Length > 0 && text[end..units[i].Start].Any(char.IsWhiteSpace))
                {
                    result.Append(' ');
                }

                result.Append(units[i].Text);
                end = units[i].Start + units[i].Text.Length;
            }
        }

        return result.ToString();
    }

    /// <summary>The position of a token of a text, as <see cref="TokenRows"/> lays texts out; null where it is cut off.</summary>
    private static TokenPlace? PlaceOf(int token, int total, ITokenizer tokenizer, EncodingOptions encoding)
    {
        var (start, room) = (tokenizer.StartLength(), tokenizer.Room(encoding.ContextLength));
        if (total <= room)
        {
            return new TokenPlace(0, start + token);
        }

        if (encoding.LongText == LongText.Chunk)
        {
            return room > 0 && token / room < TokenRows.MaxChunks ? new TokenPlace(token / room, start + (token % room)) : null;
        }

        var head = TokenRows.Head(room, encoding.LongText);
        var end = token - (total - (room - head));
        return token < head ? new TokenPlace(0, start + token)
            : end >= 0 ? new TokenPlace(0, start + head + end)
            : null;
    }

    private static List<(int Start, int Length)> Spans(string text)
    {
        var spans = new List<(int Start, int Length)>();
        var elements = StringInfo.GetTextElementEnumerator(text);
        var open = false;
        while (elements.MoveNext())
        {
            var (element, start) = (elements.GetTextElement(), elements.ElementIndex);
            Rune.DecodeFromUtf16(element, out var rune, out _);
            if (Rune.IsWhiteSpace(rune))
            {
                open = false;
            }
            else if (Array.Exists(Unspaced, block => rune.Value >= block.First && rune.Value <= block.Last))
            {
                spans.Add((start, element.Length));
                open = false;
            }
            else if (open)
            {
                spans[^1] = (spans[^1].Start, spans[^1].Length + element.Length);
            }
            else
            {
                spans.Add((start, element.Length));
                open = true;
            }
        }

        return spans;
    }
}
