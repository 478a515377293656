// The contract of every tokenizer: text in, token ids out.
namespace Duet.Text;

/// <summary>Turns text into token ids. Implementations are immutable and safe to use from many threads.</summary>
public interface ITokenizer
{
    /// <summary>The kind as written to a run's configuration, for instance <c>clip-bpe</c>, <c>wordpiece</c>, <c>unigram</c>.</summary>
    string Kind { get; }

    /// <summary>The number of token ids; every id is in <c>[0, VocabularySize)</c>.</summary>
    int VocabularySize { get; }

    /// <summary>The id that fills a row after its text. It may also be an ordinary token (CLIP: 0), so go by <see cref="EncodedText.Length"/>.</summary>
    int PaddingId { get; }

    /// <summary>The id put before a text: start of text, <c>[CLS]</c>, <c>&lt;s&gt;</c>.</summary>
    int StartId { get; }

    /// <summary>The id put after a text: end of text, <c>[SEP]</c>, <c>&lt;/s&gt;</c>.</summary>
    int EndId { get; }

    /// <summary>The mask token's id for masked language modelling, or -1 where the vocabulary has none.</summary>
    int MaskId { get; }

    /// <summary>The ids of a text, without start and end ids and without truncation.</summary>
    int[] Tokenize(string text);

    /// <summary>Start id, the text's ids, end id, padded to <paramref name="contextLength"/>.</summary>
    /// <param name="text">Any text; the empty text gives start and end only.</param>
    /// <param name="contextLength">The row's length, start and end included; at least 2.</param>
    /// <param name="longText">What to do with a text that does not fit; <see cref="LongText.Chunk"/> gives the first chunk.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="contextLength"/> is below 2.</exception>
    EncodedText Encode(string text, int contextLength, LongText longText = LongText.Head);

    /// <summary>Cuts a text into rows that follow one another, each with start and end ids, for <see cref="LongText.Chunk"/>.</summary>
    /// <param name="text">Any text; the empty text gives one row of start and end only.</param>
    /// <param name="contextLength">Every row's length, start and end included; at least 2.</param>
    /// <param name="maximumChunks">The largest number of rows; what does not fit is dropped and every row's <see cref="EncodedText.Truncated"/> is set.</param>
    /// <returns>Between one row and <paramref name="maximumChunks"/> rows.</returns>
    IReadOnlyList<EncodedText> EncodeChunks(string text, int contextLength, int maximumChunks = 16);

    /// <summary>The text of ids, special ids left out.</summary>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>Writes everything needed to load this tokenizer again into an existing folder (<c>tokenizer.json</c>).</summary>
    void Save(string folder);
}
