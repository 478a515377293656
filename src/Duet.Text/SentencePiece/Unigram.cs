// SentencePiece's unigram tokenizer with XLM-RoBERTa's or T5's ids.
using System.Globalization;
using System.Text;

namespace Duet.Text;

/// <summary>
/// The unigram language model tokenizer (Kudo, 2018; google/sentencepiece): text is normalized by the model's own table and cut into the
/// pieces whose log-probabilities have the largest sum (Viterbi). XLM-RoBERTa's rows begin with <c>&lt;s&gt;</c>, and a pair is
/// <c>&lt;s&gt; A &lt;/s&gt; &lt;/s&gt; B &lt;/s&gt;</c>; T5's and mT5's begin with the text itself, and a pair is <c>A &lt;/s&gt; B
/// &lt;/s&gt;</c>. Special tokens written in a text are ordinary text, as the published slow tokenizer has it. Immutable; safe for many
/// threads.
/// </summary>
public sealed class Unigram : IPairTokenizer
{
    /// <summary>The kind written to configurations.</summary>
    public const string KindName = "unigram";

    /// <summary>The kind of T5's and mT5's models, which put nothing before a text.</summary>
    public const string T5KindName = "t5-unigram";

    private const string UnknownSurface = " \u2047 ";
    private const float UnknownPenalty = 10;

    private readonly UnigramVocabulary _vocabulary;
    private readonly Dictionary<string, int> _pieces = new(StringComparer.Ordinal);
    private readonly float[] _scores;
    private readonly int[]? _byteIds;
    private readonly int _longestPiece;
    private readonly float _unknownScore;
    private readonly float _largestScore;

    internal Unigram(UnigramVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        VocabularyChecks.CheckSize(vocabulary.Tokens.Count);
        _scores = [.. vocabulary.Tokens.Select(token => token.Score)];
        for (int id = 0; id < vocabulary.Tokens.Count; id++)
        {
            AddPiece(vocabulary.Tokens[id], id);
        }

        var normal = vocabulary.Tokens.Where(token => token.Kind == UnigramTokenKind.Normal).ToList();
        _longestPiece = _pieces.Keys.Select(piece => piece.Length).DefaultIfEmpty(0).Max();
        _unknownScore = normal.Select(token => token.Score).DefaultIfEmpty(0).Min() - UnknownPenalty;
        _largestScore = normal.Select(token => token.Score).DefaultIfEmpty(0).Max();
        _byteIds = FindByteIds();
    }

    /// <inheritdoc/>
    public string Kind => StartId < 0 ? T5KindName : KindName;

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Tokens.Count;

    /// <inheritdoc/>
    public int PaddingId => _vocabulary.PaddingId;

    /// <inheritdoc/>
    public int StartId => _vocabulary.StartId;

    /// <inheritdoc/>
    public int EndId => _vocabulary.EndId;

    /// <inheritdoc/>
    public int MaskId => _vocabulary.MaskId;

    /// <summary>The id of text that is not in the vocabulary.</summary>
    public int UnknownId => _vocabulary.UnknownId;

    internal UnigramVocabulary Vocabulary => _vocabulary;

    /// <summary>Reads a SentencePiece model file; see the class for the ids.</summary>
    /// <exception cref="TokenizerFormatException">The file is damaged, too large, or not a unigram model.</exception>
    public static Unigram Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return VocabularyChecks.InFile(file, () => new Unigram(SentencePieceModel.Read(file)));
    }

    /// <summary>The normalized text, blanks as <c>▁</c>.</summary>
    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _vocabulary.Normalizer.Normalize(text);
    }

    /// <summary>A token's log-probability; 0 for special tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is outside the vocabulary.</exception>
    public float Score(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _scores.Length);
        return _scores[id];
    }

    /// <summary>The pieces of a text, neighbouring unknown characters joined.</summary>
    public IReadOnlyList<UnigramPiece> Segment(string text) => Pieces(Normalize(text));

    /// <summary>The pieces of a part of a longer text: no blank is put before it, and blanks it begins with count.</summary>
    internal IReadOnlyList<UnigramPiece> SegmentInside(string text) => Pieces(_vocabulary.Normalizer.Normalize(text, inside: true));

    private List<UnigramPiece> Pieces(string normalized)
    {
        var result = new List<UnigramPiece>();
        foreach (var (start, end, id) in BestPath(normalized))
        {
            string surface = normalized[start..end];
            if (id == UnknownId && _byteIds is not null)
            {
                result.AddRange(
                    Encoding
                        .UTF8.GetBytes(surface)
                        .Select(value => new UnigramPiece(_vocabulary.Tokens[_byteIds[value]].Text, _byteIds[value]))
                );
            }
            else if (id == UnknownId && result.Count > 0 && result[^1].Id == UnknownId)
            {
                result[^1] = new UnigramPiece(result[^1].Text + surface, id);
            }
            else
            {
                result.Add(new UnigramPiece(surface, id));
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public int[] Tokenize(string text) => [.. Segment(text).Select(piece => piece.Id)];

    /// <inheritdoc/>
    public EncodedPair EncodePair(string first, string second, int contextLength) =>
        PairRows.Lay(this, Tokenize(first), Tokenize(second), contextLength, separators: StartId < 0 ? 1 : 2, hasTypes: false);

    /// <inheritdoc/>
    /// <remarks>
    /// Unknown text shows as a double question mark between blanks, as SentencePiece writes it. The blank that normalization puts before a
    /// text goes; a model that neither puts one there nor removes blanks keeps those the text began with.
    /// </remarks>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var normalizer = _vocabulary.Normalizer;
        bool prefixGone = false;
        foreach (int id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _scores.Length, nameof(ids));
            int value = _byteIds is null ? -1 : Array.IndexOf(_byteIds, id);
            if (value >= 0)
            {
                bytes.Add((byte)value);
                continue;
            }

            text.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
            string surface = SurfaceOf(id);
            bool skips =
                !prefixGone
                && text.Length == 0
                && id != UnknownId
                && surface.StartsWith(' ')
                && (normalizer.AddDummyPrefix || normalizer.RemoveExtraWhiteSpace);
            text.Append(skips ? surface[1..] : surface);

            // Without leading blanks in any normalized text all of them go, as in the published code; else only the prefix does.
            prefixGone |= skips && !normalizer.RemoveExtraWhiteSpace;
        }

        return text.Append(Encoding.UTF8.GetString([.. bytes])).ToString();
    }

    /// <summary>Writes <c>tokenizer.json</c> in Hugging Face's format into an existing folder, replacing a file of that name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string folder) => UnigramJson.Write(this, folder);

    private string SurfaceOf(int id) =>
        id == UnknownId ? UnknownSurface
        : _vocabulary.Tokens[id].Kind == UnigramTokenKind.Special ? string.Empty
        : _vocabulary.Tokens[id].Text.Replace(SentencePieceNormalizer.Mark, ' ');

    // The arithmetic follows the published code to the last bit: sums are made in double and kept as float.
    private List<(int Start, int End, int Id)> BestPath(string text)
    {
        var best = new (float Score, int Start, int Id)[text.Length + 1];
        Array.Fill(best, (0f, -1, -1));
        var lookup = _pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int start = 0; start < text.Length; )
        {
            int width = char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
            bool hasSingle = false;
            for (int end = start + 1; end <= Math.Min(text.Length, start + _longestPiece); end++)
            {
                if (lookup.TryGetValue(text.AsSpan(start, end - start), out int id))
                {
                    Offer(ref best[end], start, id, ScoreOf(id, text.AsSpan(start, end - start)) + best[start].Score);
                    hasSingle |= end == start + width;
                }
            }

            if (!hasSingle)
            {
                Offer(ref best[start + width], start, UnknownId, _unknownScore + best[start].Score);
            }

            start += width;
        }

        var path = new List<(int, int, int)>();
        for (int end = text.Length; end > 0; end = best[end].Start)
        {
            path.Add((best[end].Start, end, best[end].Id));
        }

        path.Reverse();
        return path;
    }

    private static void Offer(ref (float Score, int Start, int Id) place, int start, int id, double score)
    {
        if (place.Start < 0 || score > place.Score)
        {
            place = ((float)score, start, id);
        }
    }

    // A user-defined piece counts as likely as the most probable piece per byte, whatever its own score, so that it is chosen over its
    // parts.
    private double ScoreOf(int id, ReadOnlySpan<char> surface) =>
        _vocabulary.Tokens[id].Kind == UnigramTokenKind.UserDefined
            ? (Encoding.UTF8.GetByteCount(surface) * _largestScore) - 0.1
            : _scores[id];

    private void AddPiece(UnigramToken token, int id)
    {
        if (token.Text.Length > VocabularyChecks.LongestToken || !float.IsFinite(token.Score))
        {
            throw new TokenizerFormatException(
                $"Piece {id} is longer than {VocabularyChecks.LongestToken} characters or its score is not a number."
            );
        }

        if (token.Kind is not (UnigramTokenKind.Normal or UnigramTokenKind.UserDefined))
        {
            return;
        }

        if (token.Text.Length == 0 || !_pieces.TryAdd(token.Text, id))
        {
            throw new TokenizerFormatException($"Piece {id} ('{token.Text}') is empty or occurs twice in the vocabulary.");
        }
    }

    private int[]? FindByteIds()
    {
        var found = new int[256];
        int count = 0;
        for (int id = 0; id < _vocabulary.Tokens.Count; id++)
        {
            var token = _vocabulary.Tokens[id];
            if (token.Kind == UnigramTokenKind.Byte)
            {
                int value = ByteOf(token.Text);
                if (value < 0)
                {
                    throw new TokenizerFormatException($"Byte piece '{token.Text}' is not of the form <0x41>.");
                }

                found[value] = id;
                count++;
            }
        }

        return count switch
        {
            0 => null,
            256 => found,
            _ => throw new TokenizerFormatException($"The vocabulary has {count} byte pieces; expected none or 256."),
        };
    }

    /// <summary>The value of a byte piece such as <c>&lt;0x41&gt;</c>; -1 for any other spelling.</summary>
    internal static int ByteOf(string text) =>
        text.Length == 6
        && text.StartsWith("<0x", StringComparison.Ordinal)
        && text[5] == '>'
        && byte.TryParse(text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte value)
            ? value
            : -1;
}

/// <summary>A piece that <see cref="Unigram.Segment"/> found.</summary>
/// <param name="Text">Its text, blanks as <c>▁</c>; neighbouring unknown characters are one piece.</param>
/// <param name="Id">Its token id; the unknown id where the text is not in the vocabulary.</param>
public readonly record struct UnigramPiece(string Text, int Id);

/// <summary>A token of a unigram vocabulary.</summary>
/// <param name="Text">Its spelling.</param>
/// <param name="Score">Its log-probability.</param>
/// <param name="Kind">What it is for.</param>
internal sealed record UnigramToken(string Text, float Score, UnigramTokenKind Kind);

/// <summary>What a token of a unigram vocabulary is for.</summary>
internal enum UnigramTokenKind
{
    /// <summary>Found in texts, weighed by its score.</summary>
    Normal,

    /// <summary>Found in texts before all others.</summary>
    UserDefined,

    /// <summary>Never found in texts: start, end, padding, mask, unknown.</summary>
    Special,

    /// <summary>A single byte of an unknown character.</summary>
    Byte,
}

/// <summary>A unigram vocabulary and its special ids.</summary>
internal sealed record UnigramVocabulary(
    IReadOnlyList<UnigramToken> Tokens,
    int StartId,
    int PaddingId,
    int EndId,
    int UnknownId,
    int MaskId,
    SentencePieceNormalizer Normalizer
);
