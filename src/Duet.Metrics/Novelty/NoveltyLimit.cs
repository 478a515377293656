// Where the usual ends and the unusual begins, for one input pattern.
using System.Text.Json.Serialization;

namespace Duet.Metrics.Novelty;

/// <summary>
/// The limit of the novelty score of products with one input pattern. The score is the largest of the parts' scores (distance of the
/// picture's statistics, its enlargement, surprisal of the text, distance of the joint embedding), each divided by its own <c>1 - share</c>
/// quantile on the certifying rows; the limit is the conformal <c>1 - share</c> quantile of that score on the same rows: of new products of
/// the same kind about <c>share</c> lie beyond it (Bates et al. 2023, "Testing for outliers with conformal p-values").
/// </summary>
public sealed record NoveltyLimit
{
    private const int Directions = 32;

    /// <summary>The score beyond which a product is unlike the catalogue.</summary>
    public required double Limit { get; init; }

    /// <summary>The usual size of the picture's distance; null where the pattern has no picture.</summary>
    public double? PictureScale { get; init; }

    /// <summary>The usual enlargement of the picture, 1 where pictures are large enough; null where the pattern has no picture.</summary>
    public double? EnlargementScale { get; init; }

    /// <summary>The usual size of the text's surprisal; null where the pattern has no text.</summary>
    public double? TextScale { get; init; }

    /// <summary>The usual size of the embedding's distance.</summary>
    public required double EmbeddingScale { get; init; }

    /// <summary>Of joint embeddings.</summary>
    [JsonConverter(typeof(CompactJsonConverter<GaussianReference>))]
    public required GaussianReference Embedding { get; init; }

    /// <summary>Rows that certified the limit.</summary>
    public required int Rows { get; init; }

    /// <summary>How many of them lie beyond it.</summary>
    public required int Outside { get; init; }

    /// <summary>Finds a limit.</summary>
    /// <param name="reference">The catalogue's pictures and texts.</param>
    /// <param name="fit">Rows that the embedding's reference is made of; at least two.</param>
    /// <param name="certifying">Other rows, at least one.</param>
    /// <param name="ownText">Whether a certifying row's text is part of the reference.</param>
    /// <param name="share">The share of rows that may lie beyond the limit, in (0, 1).</param>
    public static NoveltyLimit Find(
        NoveltyReference reference,
        IReadOnlyList<NoveltyInput> fit,
        IReadOnlyList<NoveltyInput> certifying,
        Func<int, bool> ownText,
        double share
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(certifying);
        ArgumentNullException.ThrowIfNull(ownText);
        var embedding = GaussianReference.Fit([.. fit.Select(row => row.Embedding)], Directions);
        var parts = certifying.Select((row, i) => Parts(reference, embedding, row, ownText(i))).ToList();
        var limit = new NoveltyLimit
        {
            Limit = 0,
            Rows = certifying.Count,
            Outside = 0,
            Embedding = embedding,
            PictureScale = Scale(parts.Select(part => part.Picture), share),
            EnlargementScale = Scale(parts.Select(part => part.Enlargement), share),
            TextScale = Scale(parts.Select(part => part.Text), share),
            EmbeddingScale = Scale(parts.Select(part => (double?)part.Embedding), share)!.Value,
        };
        var scores = parts.Select(part => limit.Largest(part).Score).ToList();
        limit = limit with { Limit = Quantile(scores, share) };
        return limit with { Outside = scores.Count(score => score > limit.Limit) };
    }

    /// <summary>The novelty of a product.</summary>
    /// <param name="reference">The catalogue's pictures and texts.</param>
    /// <param name="input">The product, of this pattern.</param>
    /// <param name="ownText">Whether its text is part of the reference, and must count as if it were not.</param>
    public NoveltyScore Score(NoveltyReference reference, NoveltyInput input, bool ownText = false)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(input);
        return Largest(Parts(reference, Embedding, input, ownText));
    }

    /// <summary>Whether every part is there and in its range.</summary>
    public bool IsValid() =>
        Limit >= 0
        && double.IsFinite(Limit)
        && Rows > 0
        && Outside >= 0
        && Outside <= Rows
        && PictureScale is null or > 0
        && EnlargementScale is null or > 0
        && TextScale is null or > 0
        && EmbeddingScale > 0
        && Embedding is not null
        && Embedding.IsValid();

    private static (double? Picture, double? Enlargement, double? Text, double Embedding) Parts(
        NoveltyReference reference,
        GaussianReference embedding,
        NoveltyInput input,
        bool ownText
    ) =>
        (
            input.Picture is { } picture ? reference.Picture?.Distance(picture) : null,
            input.Enlargement,
            input.Text is { } text
                ? ownText
                    ? reference.Text?.SurprisalOfOwn(text)
                    : reference.Text?.Surprisal(text)
                : null,
            embedding.Distance(input.Embedding)
        );

    private NoveltyScore Largest((double? Picture, double? Enlargement, double? Text, double Embedding) parts)
    {
        var largest = new NoveltyScore(parts.Embedding / EmbeddingScale, Limit, "product");
        (double? Score, string Part)[] others =
        [
            (parts.Picture / PictureScale, "picture"),
            (parts.Enlargement / EnlargementScale, "picture"),
            (parts.Text / TextScale, "text"),
        ];
        foreach (var (score, name) in others)
        {
            largest = score > largest.Score ? new NoveltyScore(score.Value, Limit, name) : largest;
        }

        return largest;
    }

    private static double? Scale(IEnumerable<double?> scores, double share)
    {
        var given = scores.OfType<double>().ToList();
        return given.Count == 0 ? null : Math.Max(Quantile(given, share), 1e-9);
    }

    // The ceil((1 - share)(n + 1))-th smallest; the largest where there are too few rows for that.
    private static double Quantile(List<double> scores, double share)
    {
        var rank = (int)Math.Ceiling(((1 - share) * (scores.Count + 1)) - 1e-9);
        return scores.Order().ElementAt(Math.Clamp(rank, 1, scores.Count) - 1);
    }
}
