// One line of a chart.
namespace Duet.Reports.Charts;

/// <summary>A line with its name.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points from left to right.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points);
