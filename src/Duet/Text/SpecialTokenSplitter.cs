// Finds special tokens that are written out in a text.
namespace Duet.Text;

/// <summary>Cuts a text at special tokens in their exact spelling, before anything is cleaned or lower-cased.</summary>
internal sealed class SpecialTokenSplitter
{
    private readonly (string Text, int Id)[] tokens;

    /// <summary>Takes the special tokens. Where two begin at the same place the longer one counts.</summary>
    public SpecialTokenSplitter(IEnumerable<(string Text, int Id)> tokens) =>
        this.tokens = [.. tokens.OrderByDescending(token => token.Text.Length)];

    /// <summary>The parts in order: ordinary text with id -1, special tokens with their id. Empty parts are left out.</summary>
    public IEnumerable<(string Text, int Id)> Split(string text)
    {
        int start = 0;
        while (start < text.Length)
        {
            var (at, token, id) = Next(text, start);
            if (at > start)
            {
                yield return (text[start..at], -1);
            }

            if (id >= 0)
            {
                yield return (token, id);
            }

            start = at + token.Length;
        }
    }

    private (int At, string Token, int Id) Next(string text, int start)
    {
        (int At, string Token, int Id) first = (text.Length, string.Empty, -1);
        foreach (var (token, id) in tokens)
        {
            int at = text.AsSpan(start, first.At - start).IndexOf(token, StringComparison.Ordinal);
            if (at >= 0)
            {
                first = (start + at, token, id);
            }
        }

        return first;
    }
}
