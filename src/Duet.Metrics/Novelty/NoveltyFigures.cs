// Whether as many products lie beyond the novelty limit as was certified.
using Duet.Metrics.Calibration;

namespace Duet.Metrics.Novelty;

/// <summary>The rows with one input pattern that are unlike the catalogue.</summary>
public sealed record NoveltyFigures
{
    /// <summary>Rows with these inputs, labelled or not.</summary>
    public required int Rows { get; init; }

    /// <summary>How many of them lie beyond the limit.</summary>
    public required int Outside { get; init; }

    /// <summary>The part whose score was the largest, by the number of rows beyond the limit: <c>picture</c>, <c>text</c>,
    /// <c>product</c>.</summary>
    public required IReadOnlyDictionary<string, int> Parts { get; init; }

    /// <summary>The share of the certifying rows beyond the limit, with its exact 95 % interval.</summary>
    public required ConfidenceInterval Certified { get; init; }

    /// <summary>Outside / rows with its exact 95 % interval; null where there are no rows.</summary>
    public ConfidenceInterval? Share => BinomialBounds.Interval(Rows, Outside);

    /// <summary>Whether these rows are of another kind than those that certified the limit: the two intervals do not meet.</summary>
    public bool Shifted => Share is { } share && share.Low > Certified.High;

    /// <summary>Counts.</summary>
    /// <param name="limit">The limit of the pattern.</param>
    /// <param name="scores">The scores of the rows.</param>
    public static NoveltyFigures Of(NoveltyLimit limit, IReadOnlyList<NoveltyScore> scores)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(scores);
        var outside = scores.Where(score => score.IsOutside).ToList();
        return new NoveltyFigures
        {
            Rows = scores.Count,
            Outside = outside.Count,
            Parts = outside
                .CountBy(score => score.Part)
                .OrderBy(part => part.Key, StringComparer.Ordinal)
                .ToDictionary(part => part.Key, part => part.Value, StringComparer.Ordinal),
            Certified = BinomialBounds.Interval(limit.Rows, limit.Outside)!,
        };
    }
}
