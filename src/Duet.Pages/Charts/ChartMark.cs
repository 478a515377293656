// A line across a chart that marks a value.
namespace Duet.Pages.Charts;

/// <summary>A marked value.</summary>
/// <param name="Value">Where.</param>
/// <param name="Label">What it means.</param>
public sealed record ChartMark(double Value, string Label);
