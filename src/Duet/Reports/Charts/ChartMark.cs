// A line across a chart that marks a value.
namespace Duet.Reports.Charts;

/// <summary>A marked value.</summary>
/// <param name="Value">Where.</param>
/// <param name="Label">What it means.</param>
internal sealed record ChartMark(double Value, string Label);
