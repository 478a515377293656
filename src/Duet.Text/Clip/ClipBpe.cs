// CLIP's tokenizer: byte-level byte-pair encoding with an end-of-word marker.
using System.Text;
using Duet.Text.Cleaning;

namespace Duet.Text;

/// <summary>
/// The tokenizer of CLIP (openai/CLIP, <c>clip/simple_tokenizer.py</c>): texts are cleaned and lower-cased (<see cref="ClipCleaner"/>), cut
/// into words, each word's UTF-8 bytes are written in the byte alphabet with <c>&lt;/w&gt;</c> after the last, and pairs are merged by
/// rank. The padding id is 0, which is also the token <c>!</c>. Immutable; safe for many threads.
/// </summary>
public sealed class ClipBpe : ITokenizer, ISplittingTokenizer
{
    /// <summary>The kind written to configurations.</summary>
    public const string KindName = "clip-bpe";

    /// <summary>The token before a text. Written in a text, in any case, it becomes the token itself.</summary>
    public const string StartToken = "<|startoftext|>";

    /// <summary>The token after a text. Written in a text, in any case, it becomes the token itself.</summary>
    public const string EndToken = "<|endoftext|>";

    /// <summary>What marks the last symbol of a word.</summary>
    public const string EndOfWord = "</w>";

    private readonly Dictionary<string, int> _ids;
    private readonly string[] _tokens;
    private readonly MergeTable _merges;
    private readonly int[] _byteIds = new int[256];
    private readonly int[] _lastByteIds = new int[256];
    private readonly WordCache _words;
    private readonly Dictionary<int, (int Left, int Right)> _parts = [];

    /// <summary>Builds the tokenizer from its vocabulary.</summary>
    /// <param name="tokens">
    /// All tokens; a token's index is its id. Must hold the 256 byte symbols, the same with the end-of-word marker, and both special
    /// tokens.
    /// </param>
    /// <param name="merges">The merges in rank order; both parts and their join must be tokens.</param>
    /// <exception cref="TokenizerFormatException">A token is missing or occurs twice, or a merge names an unknown token.</exception>
    public ClipBpe(IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(merges);
        _tokens = [.. tokens];
        Merges = [.. merges];
        _ids = VocabularyChecks.Index(_tokens);
        var resolved = ResolveMerges();
        _merges = new MergeTable(resolved);
        foreach (var (left, right, merged) in resolved)
        {
            _parts.TryAdd(merged, (left, right));
        }

        for (int value = 0; value < 256; value++)
        {
            string symbol = ByteLevelAlphabet.ToChar((byte)value).ToString();
            _byteIds[value] = Require(symbol);
            _lastByteIds[value] = Require(symbol + EndOfWord);
        }

        StartId = Require(StartToken);
        EndId = Require(EndToken);
        _words = new WordCache(Merge);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public int VocabularySize => _tokens.Length;

    /// <inheritdoc/>
    public int PaddingId => 0;

    /// <inheritdoc/>
    public int StartId { get; }

    /// <inheritdoc/>
    public int EndId { get; }

    /// <inheritdoc/>
    /// <remarks>CLIP vocabularies have no mask token, so this is -1.</remarks>
    public int MaskId => -1;

    /// <summary>All tokens; a token's index is its id.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The merges in rank order.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>The pieces that a text is cut into before bytes are merged, after cleaning.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var found = new List<string>();
        var walk = new ClipWords(ClipCleaner.Clean(text));
        while (walk.MoveNext())
        {
            found.Add(walk.Current.ToString());
        }

        return found;
    }

    /// <inheritdoc/>
    public int[] Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new List<int>(text.Length / 4);
        var walk = new ClipWords(ClipCleaner.Clean(text));
        while (walk.MoveNext())
        {
            if (walk.IsSpecial)
            {
                result.Add(walk.Current.SequenceEqual(StartToken) ? StartId : EndId);
            }
            else
            {
                result.AddRange(_words.Encode(walk.Current));
            }
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
    public string Decode(ReadOnlySpan<int> ids) => Decode(ids, keepSpecial: false).TrimEnd(' ');

    /// <summary>The text of ids as the published decoder writes it: every word followed by a blank.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="keepSpecial">Whether start and end tokens are written out.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids, bool keepSpecial)
    {
        var symbols = new StringBuilder();
        foreach (int id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _tokens.Length, nameof(ids));
            if (keepSpecial || (id != StartId && id != EndId))
            {
                symbols.Append(_tokens[id]);
            }
        }

        return ByteLevelAlphabet.Decode(symbols.ToString()).Replace(EndOfWord, " ", StringComparison.Ordinal);
    }

    /// <summary>Writes <c>tokenizer.json</c> in Hugging Face's format into an existing folder, replacing a file of that name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string folder) => BpeJson.Write(this, folder);

    private int[] Merge(string word)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(word);
        int[] symbols = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            symbols[i] = i + 1 < bytes.Length ? _byteIds[bytes[i]] : _lastByteIds[bytes[i]];
        }

        return _merges.Apply(symbols);
    }

    private (int Left, int Right, int Merged)[] ResolveMerges()
    {
        var resolved = new (int, int, int)[Merges.Count];
        for (int rank = 0; rank < resolved.Length; rank++)
        {
            var (left, right) = Merges[rank];
            if (
                !_ids.TryGetValue(left, out int leftId)
                || !_ids.TryGetValue(right, out int rightId)
                || !_ids.TryGetValue(left + right, out int merged)
            )
            {
                throw new TokenizerFormatException(
                    $"Merge {rank} joins '{left}' and '{right}', but one of them or their join is not in the vocabulary."
                );
            }

            resolved[rank] = (leftId, rightId, merged);
        }

        return resolved;
    }

    private int Require(string token) =>
        _ids.TryGetValue(token, out int id)
            ? id
            : throw new TokenizerFormatException(
                $"The vocabulary lacks '{token}', which a byte-level vocabulary with end-of-word markers must hold."
            );
}
