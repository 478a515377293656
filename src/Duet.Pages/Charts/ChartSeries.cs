// One line of a chart.
namespace Duet.Pages.Charts;

/// <summary>A line with its name.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points from left to right.</param>
/// <param name="Style">The class of its color and dashes; null for that of its place among the lines.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points, string? Style = null);
