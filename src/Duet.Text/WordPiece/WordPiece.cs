// BERT's tokenizer: words cut into the longest pieces the vocabulary has.
using System.Text;

namespace Duet.Text;

/// <summary>
/// WordPiece with greedy longest match (Hugging Face <c>BertTokenizer</c>). Special tokens written in the text in their exact spelling are
/// kept whole. A pair is <c>[CLS] A [SEP] B [SEP]</c>. Immutable; safe for many threads.
/// </summary>
public sealed class WordPiece : IPairTokenizer
{
    /// <summary>The kind written to configurations.</summary>
    public const string KindName = "wordpiece";

    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly SpecialTokenSplitter _special;
    private readonly HashSet<int> _silent;
    private readonly WordCache _words;

    /// <summary>Builds the tokenizer.</summary>
    /// <param name="tokens">All tokens; a token's index is its id.</param>
    /// <param name="options">How texts are prepared; the uncased defaults where null.</param>
    /// <exception cref="TokenizerFormatException">A token occurs twice, or a special token other than the mask is missing.</exception>
    public WordPiece(IReadOnlyList<string> tokens, WordPieceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Options = options ?? new WordPieceOptions();
        Options.Validate();
        _tokens = [.. tokens];
        _ids = VocabularyChecks.Index(_tokens);
        PaddingId = Require(Options.PaddingToken);
        UnknownId = Require(Options.UnknownToken);
        StartId = Require(Options.StartToken);
        EndId = Require(Options.EndToken);
        MaskId = _ids.GetValueOrDefault(Options.MaskToken, -1);
        _silent = [PaddingId, StartId, EndId, MaskId];
        _special = new SpecialTokenSplitter(
            new[] { PaddingId, UnknownId, StartId, EndId, MaskId }.Where(id => id >= 0).Distinct().Select(id => (_tokens[id], id))
        );
        _words = new WordCache(Cut);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <summary>How texts are prepared.</summary>
    public WordPieceOptions Options { get; }

    /// <summary>All tokens; a token's index is its id.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <inheritdoc/>
    public int VocabularySize => _tokens.Length;

    /// <inheritdoc/>
    public int PaddingId { get; }

    /// <summary>The id of words that cannot be spelled.</summary>
    public int UnknownId { get; }

    /// <inheritdoc/>
    public int StartId { get; }

    /// <inheritdoc/>
    public int EndId { get; }

    /// <inheritdoc/>
    public int MaskId { get; }

    /// <summary>Reads a <c>vocab.txt</c>: one token per line.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">How texts are prepared; where null, <c>tokenizer_config.json</c> beside the file says, else the uncased
    /// defaults.</param>
    /// <exception cref="TokenizerFormatException">A file is damaged or too large.</exception>
    public static WordPiece Read(string file, WordPieceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        options ??= WordPieceJson.ReadConfiguration(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "tokenizer_config.json"));
        return VocabularyChecks.InFile(
            file,
            () =>
            {
                var lines = new List<string>();
                using var reader = new StringReader(Encoding.UTF8.GetString(VocabularyChecks.ReadFile(file)));
                while (reader.ReadLine() is { } line)
                {
                    lines.Add(line);
                }

                return new WordPiece(lines, options);
            }
        );
    }

    /// <inheritdoc/>
    public int[] Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new List<int>();
        foreach (var (part, id) in _special.Split(text))
        {
            if (id >= 0)
            {
                result.Add(id);
                continue;
            }

            foreach (string word in BertWords.Split(part, Options))
            {
                result.AddRange(_words.Encode(word));
            }
        }

        return [.. result];
    }

    /// <inheritdoc/>
    public EncodedPair EncodePair(string first, string second, int contextLength) =>
        PairRows.Lay(this, Tokenize(first), Tokenize(second), contextLength, separators: 1, hasTypes: true);

    /// <inheritdoc/>
    /// <remarks>Pieces of a word are joined, words are separated by one blank; unknown words show as the unknown token.</remarks>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _tokens.Length, nameof(ids));
            if (_silent.Contains(id))
            {
                continue;
            }

            if (_tokens[id].StartsWith(Options.ContinuationPrefix, StringComparison.Ordinal) && text.Length > 0)
            {
                text.Append(_tokens[id], Options.ContinuationPrefix.Length, _tokens[id].Length - Options.ContinuationPrefix.Length);
            }
            else
            {
                text.Append(text.Length > 0 ? " " : string.Empty).Append(_tokens[id]);
            }
        }

        return text.ToString();
    }

    /// <summary>Writes <c>tokenizer.json</c> in Hugging Face's format into an existing folder, replacing a file of that name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string folder) => WordPieceJson.Write(this, folder);

    private int[] Cut(string word)
    {
        int length = 0;
        foreach (var _ in word.EnumerateRunes())
        {
            length++;
        }

        if (length > Options.LongestWord)
        {
            return [UnknownId];
        }

        var pieces = new List<int>();
        for (int start = 0; start < word.Length; )
        {
            int end = LongestPiece(word, start, out int id);
            if (end == start)
            {
                return [UnknownId];
            }

            pieces.Add(id);
            start = end;
        }

        return [.. pieces];
    }

    private int LongestPiece(string word, int start, out int id)
    {
        for (int end = word.Length; end > start; end--)
        {
            string piece = start == 0 ? word[..end] : string.Concat(Options.ContinuationPrefix, word.AsSpan(start, end - start));
            if (_ids.TryGetValue(piece, out id))
            {
                return end;
            }
        }

        id = UnknownId;
        return start;
    }

    private int Require(string token) =>
        _ids.TryGetValue(token, out int id) ? id : throw new TokenizerFormatException($"The vocabulary lacks the special token '{token}'.");
}
