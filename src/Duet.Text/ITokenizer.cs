// The contract of every tokenizer: text in, token ids out.

namespace Duet.Text;

/// <summary>Turns text into token ids. Implementations are immutable and safe to use from many threads.</summary>
public interface ITokenizer
{
    /// <summary>The kind as written to a run's configuration, for instance <c>clip-bpe</c>, <c>wordpiece</c>, <c>unigram</c>.</summary>
    string Kind { get; }

    /// <summary>The number of token ids; every id is in <c>[0, VocabularySize)</c>.</summary>
    int VocabularySize { get; }

    /// <summary>The id that fills a row after its text. It may also be an ordinary token (CLIP: 0), so use
    /// <see cref="EncodedText.Length"/>.</summary>
    int PaddingId { get; }

    /// <summary>The id put before a text: start of text, <c>[CLS]</c>, <c>&lt;s&gt;</c>; or -1 where nothing is (T5).</summary>
    int StartId { get; }

    /// <summary>The id put after a text: end of text, <c>[SEP]</c>, <c>&lt;/s&gt;</c>.</summary>
    int EndId { get; }

    /// <summary>The mask token's id for masked language modelling, or -1 where the vocabulary has none.</summary>
    int MaskId { get; }

    /// <summary>The ids of a text, without start and end ids and without truncation.</summary>
    int[] Tokenize(string text);

    /// <summary>The text of ids, special ids left out.</summary>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>Writes everything needed to load this tokenizer again into an existing folder (<c>tokenizer.json</c>).</summary>
    void Save(string folder);
}

/// <summary>One text as a row of token ids.</summary>
/// <param name="Ids">Token ids, <c>[contextLength]</c>, padded with the tokenizer's padding id.</param>
/// <param name="Length">How many of them are not padding (start and end ids included). The end id is at <c>Length - 1</c>.</param>
/// <param name="Truncated">Whether a part of the text did not fit.</param>
public sealed record EncodedText(int[] Ids, int Length, bool Truncated);

/// <summary>A tokenizer that can undo the merge a token came from: what subword regularisation needs.</summary>
public interface ISplittingTokenizer
{
    /// <summary>The two tokens that <paramref name="id"/> was merged from; false for a token that is not a merge.</summary>
    bool TrySplit(int id, out int left, out int right);
}

/// <summary>What to do with a text that has more tokens than the context holds.</summary>
public enum LongText
{
    /// <summary>Keep the first tokens.</summary>
    Head,

    /// <summary>Keep the first three quarters of the room from the beginning and the rest from the end.</summary>
    HeadTail,

    /// <summary>Cut into several rows and pool their results; a tokenizer asked for one row gives the first chunk.</summary>
    Chunk,
}
