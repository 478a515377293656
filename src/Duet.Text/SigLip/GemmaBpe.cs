// Gemma's vocabulary: byte-pair encoding over characters, with bytes for what it does not know.
using System.Text;

namespace Duet.Text;

/// <summary>
/// SentencePiece's byte-pair encoding as Gemma has it (arXiv 2403.08295, section 2; Hugging Face's tokenizer.json): blanks are written as
/// <c>▁</c>, nothing is put before a text, neighbors are merged by rank over the whole text, and a character that is no token becomes its
/// UTF-8 bytes. Immutable; safe for many threads.
/// </summary>
internal sealed class GemmaBpe
{
    private readonly Dictionary<string, int> _ids;
    private readonly int[] _byteIds = new int[256];
    private readonly Dictionary<int, byte> _bytes = [];
    private readonly MergeTable _merges;
    private readonly SpecialTokenSplitter _added;
    private readonly HashSet<int> _special;

    /// <summary>Builds the vocabulary.</summary>
    /// <param name="tokens">All tokens; a token's index is its id.</param>
    /// <param name="merges">Pairs in rank order.</param>
    /// <param name="added">Tokens that are found in a text before all others.</param>
    /// <exception cref="TokenizerFormatException">A merge has no token, or a byte or one of the special tokens is missing.</exception>
    public GemmaBpe(string[] tokens, IReadOnlyList<(string Left, string Right)> merges, IReadOnlyList<AddedToken> added)
    {
        (Tokens, Merges, Added) = (tokens, merges, added);
        _ids = VocabularyChecks.Index(tokens);
        _merges = new MergeTable([.. merges.Select((merge, rank) => Resolve(merge, rank))]);
        for (var value = 0; value < _byteIds.Length; value++)
        {
            _byteIds[value] = Require($"<0x{value:X2}>");
            _bytes[_byteIds[value]] = (byte)value;
        }

        (PaddingId, EndId) = (Require("<pad>"), Require("<eos>"));
        _added = new SpecialTokenSplitter(added.Where(token => token.Content.Length > 0).Select(token => (token.Content, token.Id)));
        _special = [PaddingId, EndId, .. added.Where(token => token.Special).Select(token => token.Id)];
    }

    public string[] Tokens { get; }

    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    public IReadOnlyList<AddedToken> Added { get; }

    public int PaddingId { get; }

    public int EndId { get; }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="clean">What is done to the parts between added tokens.</param>
    public int[] Encode(string text, Func<string, string> clean)
    {
        var result = new List<int>();
        foreach (var (part, id) in _added.Split(text))
        {
            if (id >= 0)
            {
                result.Add(id);
            }
            else
            {
                result.AddRange(_merges.Apply(Symbols(clean(part))));
            }
        }

        return [.. result];
    }

    /// <summary>The text of ids, special ones left out.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new List<byte>();
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Tokens.Length, nameof(ids));
            if (_bytes.TryGetValue(id, out var value))
            {
                text.Add(value);
            }
            else if (!_special.Contains(id))
            {
                text.AddRange(Encoding.UTF8.GetBytes(Tokens[id].Replace(SentencePieceNormalizer.Mark, ' ')));
            }
        }

        return Encoding.UTF8.GetString([.. text]);
    }

    private int[] Symbols(string text)
    {
        var symbols = new List<int>(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.Replace(' ', SentencePieceNormalizer.Mark).EnumerateRunes())
        {
            if (_ids.TryGetValue(rune.ToString(), out var id))
            {
                symbols.Add(id);
                continue;
            }

            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                symbols.Add(_byteIds[value]);
            }
        }

        return [.. symbols];
    }

    private (int Left, int Right, int Merged) Resolve((string Left, string Right) merge, int rank) =>
        _ids.TryGetValue(merge.Left, out var left)
        && _ids.TryGetValue(merge.Right, out var right)
        && _ids.TryGetValue(merge.Left + merge.Right, out var merged)
            ? (left, right, merged)
            : throw new TokenizerFormatException(
                $"Merge {rank} joins '{merge.Left}' and '{merge.Right}', but one of them or their join is not in the vocabulary."
            );

    private int Require(string token) =>
        _ids.TryGetValue(token, out var id) ? id : throw new TokenizerFormatException($"The vocabulary has no token '{token}'.");
}
