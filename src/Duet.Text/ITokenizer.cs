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
