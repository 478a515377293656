// One line of a forest chart.
namespace Duet.Pages.Charts;

/// <summary>A figure with its interval and what stands behind it.</summary>
/// <param name="Name">What it is the figure of.</param>
/// <param name="Value">The figure; null where there is none.</param>
/// <param name="Low">The lower bound of its interval.</param>
/// <param name="High">The upper bound.</param>
public sealed record ForestRow(string Name, double? Value, double? Low = null, double? High = null)
{
    /// <summary>Single values whose mean the figure is, such as those of single seeds; drawn small.</summary>
    public IReadOnlyList<double> Single { get; init; } = [];

    /// <summary>Whether the name stands out.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The class of its color.</summary>
    public string Style { get; init; } = SeriesStyle.Of(0);

    /// <summary>All values that the axis must cover.</summary>
    public IEnumerable<double> Values => ((double?[])[Value, Low, High]).OfType<double>().Concat(Single);
}
