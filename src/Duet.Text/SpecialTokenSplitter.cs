// Finds special tokens that are written out in a text.

namespace Duet.Text;

/// <summary>Cuts a text at special tokens in their exact spelling, before anything is cleaned or lower-cased.</summary>
internal sealed class SpecialTokenSplitter
{
    private readonly (string Text, int Id)[] _tokens;

    /// <summary>Takes the special tokens. Where two begin at the same place the longer one counts.</summary>
    public SpecialTokenSplitter(IEnumerable<(string Text, int Id)> tokens) =>
        _tokens = [.. tokens.OrderByDescending(token => token.Text.Length)];

    /// <summary>The parts in order: ordinary text with id -1, special tokens with their id. Empty parts are left out.</summary>
    public IEnumerable<(string Text, int Id)> Split(string text)
    {
        // The next position of each token; looked for again only once passed, so that the whole costs one walk per token.
        int[] next = new int[_tokens.Length];
        Array.Fill(next, -1);
        int start = 0;
        while (start < text.Length)
        {
            int found = First(text, start, next);
            int at = found < 0 ? text.Length : next[found];
            if (at > start)
            {
                yield return (text[start..at], -1);
            }

            if (found < 0)
            {
                yield break;
            }

            yield return _tokens[found];
            start = at + _tokens[found].Text.Length;
        }
    }

    private int First(string text, int start, int[] next)
    {
        int first = -1;
        for (int i = 0; i < _tokens.Length; i++)
        {
            if (next[i] < start)
            {
                int at = text.IndexOf(_tokens[i].Text, start, StringComparison.Ordinal);
                next[i] = at < 0 ? int.MaxValue : at;
            }

            if (next[i] != int.MaxValue && (first < 0 || next[i] < next[first]))
            {
                first = i;
            }
        }

        return first;
    }
}

/// <summary>An entry of <c>added_tokens</c>.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Content">Its spelling.</param>
/// <param name="StripLeft">Whether white space before it belongs to it.</param>
/// <param name="Special">Whether it is for marking rows and never a part of a text.</param>
internal sealed record AddedToken(int Id, string Content, bool StripLeft = false, bool Special = true);
