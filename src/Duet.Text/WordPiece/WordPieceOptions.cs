// The settings of a WordPiece tokenizer.
namespace Duet.Text;

/// <summary>How <see cref="WordPiece"/> prepares texts. The defaults are those of the uncased BERT models.</summary>
public sealed record WordPieceOptions
{
    /// <summary>Whether letters are lower-cased.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>Whether accents are taken off; null does it exactly when letters are lower-cased.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Whether every Chinese character is a word of its own.</summary>
    public bool SplitChineseCharacters { get; init; } = true;

    /// <summary>The longest word, in characters, from 1 to 1024, that is looked up; longer ones become the unknown token.</summary>
    public int LongestWord { get; init; } = 100;

    /// <summary>What begins a piece inside a word.</summary>
    public string ContinuationPrefix { get; init; } = "##";

    /// <summary>The padding token.</summary>
    public string PaddingToken { get; init; } = "[PAD]";

    /// <summary>The token of words that cannot be spelled.</summary>
    public string UnknownToken { get; init; } = "[UNK]";

    /// <summary>The token before a text.</summary>
    public string StartToken { get; init; } = "[CLS]";

    /// <summary>The token after a text.</summary>
    public string EndToken { get; init; } = "[SEP]";

    /// <summary>The mask token; a vocabulary may lack it.</summary>
    public string MaskToken { get; init; } = "[MASK]";

    /// <summary>Whether accents are in fact taken off.</summary>
    internal bool TakesOffAccents => StripAccents ?? LowerCase;

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the message names it.</exception>
    /// <exception cref="InvalidOperationException">A token is empty.</exception>
    public void Validate()
    {
        VocabularyChecks.InRange(LongestWord, 1, 1024, nameof(LongestWord));
        string[] texts = [PaddingToken, UnknownToken, StartToken, EndToken, MaskToken, ContinuationPrefix];
        if (Array.Exists(texts, string.IsNullOrEmpty))
        {
            throw new InvalidOperationException("The special tokens and the continuation prefix must not be empty.");
        }
    }
}
