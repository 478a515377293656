// One point of a line.
namespace Duet.Pages.Charts;

/// <summary>A point, with its uncertainty where that is known.</summary>
/// <param name="X">Along the horizontal axis.</param>
/// <param name="Y">Along the vertical axis; what is no number leaves a gap.</param>
/// <param name="Low">The lower bound of <paramref name="Y"/>.</param>
/// <param name="High">The upper bound of <paramref name="Y"/>.</param>
public readonly record struct ChartPoint(double X, double Y, double? Low = null, double? High = null);
