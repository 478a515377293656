// One line of a forest chart.
using Duet.Metrics;

namespace Duet.Pages.Charts;

/// <summary>A figure with its interval and the data behind it.</summary>
/// <param name="Name">What it is the figure of.</param>
/// <param name="Value">The figure; null where there is none.</param>
/// <param name="Low">The lower bound of its interval.</param>
/// <param name="High">The upper bound.</param>
public sealed record ForestRow(string Name, double? Value, double? Low = null, double? High = null)
{
    /// <summary>A line of a figure that has an interval; null for both where there is none.</summary>
    public static ForestRow Of(string name, ConfidenceInterval? interval) => new(name, interval?.Estimate, interval?.Low, interval?.High);

    /// <summary>Single values whose mean the figure is, such as those of single seeds; drawn small.</summary>
    public IReadOnlyList<double> Single { get; init; } = [];

    /// <summary>Whether the name stands out.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The class of its color.</summary>
    public string Style { get; init; } = SeriesStyle.Of(0);

    /// <summary>All values that the axis must cover.</summary>
    public IEnumerable<double> Values => ((double?[])[Value, Low, High]).OfType<double>().Concat(Single);
}
