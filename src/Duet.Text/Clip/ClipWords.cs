// Cuts cleaned text into the words that CLIP's byte-pair encoding works on.
using System.Globalization;
using System.Text;

namespace Duet.Text;

/// <summary>
/// Walks over the matches of CLIP's pattern (openai/CLIP, simple_tokenizer.py): the two special tokens, English contractions, runs of
/// letters, single digits, runs of anything else that is not white space. Works on whole code points, which .NET's regular expressions do
/// not.
/// </summary>
internal ref struct ClipWords
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;

    /// <summary>Starts before the first word.</summary>
    public ClipWords(ReadOnlySpan<char> text)
    {
        _text = text;
        _position = 0;
        Current = default;
    }

    private enum CharacterClass
    {
        WhiteSpace,
        Letter,
        Number,
        Other,
    }

    /// <summary>The word found last.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Whether <see cref="Current"/> is one of the two special tokens, spelled exactly.</summary>
    public readonly bool IsSpecial => Current.SequenceEqual(ClipBpe.StartToken) || Current.SequenceEqual(ClipBpe.EndToken);

    /// <summary>Goes to the next word.</summary>
    public bool MoveNext()
    {
        while (_position < _text.Length)
        {
            var rest = _text[_position..];
            int length = MatchLength(rest, out int skipped);
            _position += length + skipped;
            if (length > 0)
            {
                Current = rest[..length];
                return true;
            }
        }

        return false;
    }

    private static int MatchLength(ReadOnlySpan<char> rest, out int skipped)
    {
        skipped = 0;
        int literal = LiteralLength(rest);
        if (literal > 0)
        {
            return literal;
        }

        var kind = Classify(rest, out int width);
        switch (kind)
        {
            case CharacterClass.WhiteSpace:
                skipped = width;
                return 0;
            case CharacterClass.Number:
                return width;
            default:
                int length = width;
                while (length < rest.Length && Classify(rest[length..], out width) == kind)
                {
                    length += width;
                }

                return length;
        }
    }

    private static int LiteralLength(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '<')
        {
            return MatchesFolded(rest, ClipBpe.StartToken) ? ClipBpe.StartToken.Length
                : MatchesFolded(rest, ClipBpe.EndToken) ? ClipBpe.EndToken.Length
                : 0;
        }

        if (rest[0] != '\'' || rest.Length < 2)
        {
            return 0;
        }

        char first = Fold(rest[1]);
        char second = rest.Length > 2 ? Fold(rest[2]) : '\0';
        return (first, second) switch
        {
            ('s' or 't', _) => 2,
            ('r' or 'v', 'e') => 3,
            ('m', _) => 2,
            ('l', 'l') => 3,
            ('d', _) => 2,
            _ => 0,
        };
    }

    private static bool MatchesFolded(ReadOnlySpan<char> rest, string token)
    {
        if (rest.Length < token.Length)
        {
            return false;
        }

        for (int i = 0; i < token.Length; i++)
        {
            if (Fold(rest[i]) != token[i])
            {
                return false;
            }
        }

        return true;
    }

    // The published pattern ignores case by Unicode's simple folding, where the long s is an s; everything else is lower-case already.
    private static char Fold(char value) =>
        value == '\u017F' ? 's'
        : char.IsAsciiLetterUpper(value) ? (char)(value | 0x20)
        : value;

    private static CharacterClass Classify(ReadOnlySpan<char> rest, out int width)
    {
        char first = rest[0];
        width = 1;
        if (char.IsAscii(first))
        {
            return char.IsAsciiLetter(first) ? CharacterClass.Letter
                : char.IsAsciiDigit(first) ? CharacterClass.Number
                : char.IsWhiteSpace(first) ? CharacterClass.WhiteSpace
                : CharacterClass.Other;
        }

        Rune.DecodeFromUtf16(rest, out var rune, out width);
        if (Rune.IsWhiteSpace(rune))
        {
            return CharacterClass.WhiteSpace;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => CharacterClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
            _ => CharacterClass.Other,
        };
    }
}
