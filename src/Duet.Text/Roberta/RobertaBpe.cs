// RoBERTa's tokenizer: byte-level byte-pair encoding with the blank before a word as part of it.
using System.Text;

namespace Duet.Text;

/// <summary>
/// The byte-level BPE of GPT-2 with RoBERTa's special tokens (Liu et al., arXiv 1907.11692; Hugging Face, tokenization_roberta.py): nothing
/// is cleaned or lower-cased; texts are cut as GPT-2's pattern cuts them (<see cref="RobertaWords"/>), every piece's UTF-8 bytes are
/// written in the byte alphabet, pairs are merged by rank. A pair of texts is <c>&lt;s&gt; A &lt;/s&gt; &lt;/s&gt; B &lt;/s&gt;</c>.
/// Special tokens in their exact spelling become the tokens themselves. Immutable; safe for many threads.
/// </summary>
public sealed class RobertaBpe : IPairTokenizer, ISplittingTokenizer
{
    /// <summary>The kind written to configurations.</summary>
    public const string KindName = "roberta-bpe";

    internal const string StartToken = "<s>";
    internal const string PaddingToken = "<pad>";
    internal const string EndToken = "</s>";
    internal const string UnknownToken = "<unk>";
    internal const string MaskToken = "<mask>";

    private readonly string[] _tokens;
    private readonly int[] _byteIds = new int[256];
    private readonly HashSet<int> _special;
    private readonly SpecialTokenSplitter _splitter;
    private readonly MergeTable _merges;
    private readonly WordCache _words;
    private readonly Dictionary<int, (int Left, int Right)> _parts = [];

    /// <summary>Builds the tokenizer from its vocabulary.</summary>
    /// <param name="tokens">All tokens; a token's index is its id. Must hold the 256 byte symbols, <c>&lt;s&gt;</c>, <c>&lt;pad&gt;</c> and
    /// <c>&lt;/s&gt;</c>.</param>
    /// <param name="merges">The merges in rank order; both parts and their join must be tokens.</param>
    /// <param name="addPrefixSpace">Whether a text that begins with no blank is read as if it did; published RoBERTa says no.</param>
    /// <exception cref="TokenizerFormatException">A token is missing or occurs twice, or a merge names an unknown token.</exception>
    public RobertaBpe(IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges, bool addPrefixSpace = false)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(merges);
        _tokens = [.. tokens];
        (Merges, AddPrefixSpace) = ([.. merges], addPrefixSpace);
        var ids = VocabularyChecks.Index(_tokens);
        int Require(string token) =>
            ids.TryGetValue(token, out int id)
                ? id
                : throw new TokenizerFormatException(
                    $"The vocabulary lacks '{token}', which a byte-level vocabulary without end-of-word markers must hold: of that "
                        + $"kind RoBERTa's is read."
                );

        var resolved = Merges
            .Select(
                (merge, rank) =>
                    ids.TryGetValue(merge.Left, out int left)
                    && ids.TryGetValue(merge.Right, out int right)
                    && ids.TryGetValue(merge.Left + merge.Right, out int merged)
                        ? (left, right, merged)
                        : throw new TokenizerFormatException(
                            $"Merge {rank} joins '{merge.Left}' and '{merge.Right}', but one of them or their join is not in the "
                                + $"vocabulary."
                        )
            )
            .ToArray();
        _merges = new MergeTable(resolved);
        foreach (var (left, right, merged) in resolved)
        {
            _parts.TryAdd(merged, (left, right));
        }

        for (int value = 0; value < 256; value++)
        {
            _byteIds[value] = Require(ByteLevelAlphabet.ToChar((byte)value).ToString());
        }

        (StartId, PaddingId, EndId) = (Require(StartToken), Require(PaddingToken), Require(EndToken));
        MaskId = ids.GetValueOrDefault(MaskToken, -1);
        _special = [StartId, PaddingId, EndId, .. new[] { MaskId, ids.GetValueOrDefault(UnknownToken, -1) }.Where(id => id >= 0)];
        _splitter = new SpecialTokenSplitter(_special.Select(id => (_tokens[id], id)));
        _words = new WordCache(Merge);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int VocabularySize => _tokens.Length;

    /// <inheritdoc/>
    public int PaddingId { get; }

    /// <inheritdoc/>
    public int StartId { get; }

    /// <inheritdoc/>
    public int EndId { get; }

    /// <inheritdoc/>
    public int MaskId { get; }

    /// <summary>Whether a text that begins with no blank is read as if it did.</summary>
    public bool AddPrefixSpace { get; }

    /// <summary>All tokens; a token's index is its id.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The merges in rank order.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Ids that are not text.</summary>
    internal IReadOnlyCollection<int> SpecialIds => _special;

    /// <inheritdoc/>
    public int[] Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new List<int>(text.Length / 4);
        var found = _splitter.Split(text).ToList();
        for (int i = 0; i < found.Count; i++)
        {
            var (part, id) = found[i];
            if (id >= 0)
            {
                result.Add(id);
                continue;
            }

            // The blank before <mask> belongs to it: it is a word with its blank.
            bool beforeMask = i + 1 < found.Count && found[i + 1].Id == MaskId && MaskId >= 0;
            AddWords(result, beforeMask ? part.TrimEnd() : part);
        }

        return [.. result];
    }

    /// <inheritdoc/>
    public bool TrySplit(int id, out int left, out int right)
    {
        var found = _parts.TryGetValue(id, out var pair);
        (left, right) = pair;
        return found;
    }

    /// <inheritdoc/>
    public EncodedPair EncodePair(string first, string second, int contextLength) =>
        PairRows.Lay(this, Tokenize(first), Tokenize(second), contextLength, separators: 2, hasTypes: false);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var symbols = new StringBuilder();
        foreach (int id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _tokens.Length, nameof(ids));
            symbols.Append(_special.Contains(id) ? string.Empty : _tokens[id]);
        }

        return ByteLevelAlphabet.Decode(symbols.ToString());
    }

    /// <summary>Writes <c>tokenizer.json</c> in Hugging Face's format into an existing folder, replacing a file of that name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string folder) => RobertaBpeJson.Write(this, folder);

    private void AddWords(List<int> result, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        var walk = new RobertaWords(AddPrefixSpace && text[0] != ' ' ? " " + text : text);
        while (walk.MoveNext())
        {
            result.AddRange(_words.Encode(walk.Current));
        }
    }

    private int[] Merge(string word) => _merges.Apply([.. Encoding.UTF8.GetBytes(word).Select(value => _byteIds[value])]);
}
