// Cuts texts as GPT-2's pattern does.
using System.Text;

namespace Duet.Text;

/// <summary>
/// The pieces of <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> (openai/gpt-2, encoder.py), by
/// characters and not by UTF-16 units, which .NET's own expressions would use. Every character of the text is in exactly one piece.
/// </summary>
internal ref struct RobertaWords
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private readonly ReadOnlySpan<char> _text;
    private int _position;

    public RobertaWords(ReadOnlySpan<char> text) => _text = text;

    private enum Class
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>The current piece.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Goes on to the next piece.</summary>
    public bool MoveNext()
    {
        if (_position >= _text.Length)
        {
            return false;
        }

        var rest = _text[_position..];
        var length = LengthOf(rest);
        Current = rest[..length];
        _position += length;
        return true;
    }

    private static int LengthOf(ReadOnlySpan<char> rest)
    {
        foreach (var contraction in Contractions)
        {
            if (rest.StartsWith(contraction, StringComparison.Ordinal))
            {
                return contraction.Length;
            }
        }

        // One blank goes with what follows it, where that is no white space.
        var start = rest[0] == ' ' ? 1 : 0;
        var kind = start < rest.Length ? ClassAt(rest[start..], out _) : Class.Space;
        return kind == Class.Space ? SpaceLength(rest) : start + RunLength(rest[start..], kind);
    }

    // The last of several blanks is left for the word behind them.
    private static int SpaceLength(ReadOnlySpan<char> rest)
    {
        var length = RunLength(rest, Class.Space);
        return length == rest.Length || length == 1 ? length : length - 1;
    }

    private static int RunLength(ReadOnlySpan<char> rest, Class kind)
    {
        var length = 0;
        while (length < rest.Length && ClassAt(rest[length..], out var width) == kind)
        {
            length += width;
        }

        return length;
    }

    // Half a surrogate pair is no character; it becomes a replacement mark in UTF-8 and is neither letter nor number.
    private static Class ClassAt(ReadOnlySpan<char> rest, out int width)
    {
        _ = Rune.DecodeFromUtf16(rest, out var rune, out width);
        return Rune.IsWhiteSpace(rune) ? Class.Space
            : Rune.IsLetter(rune) ? Class.Letter
            : Rune.IsNumber(rune) ? Class.Number
            : Class.Other;
    }
}
