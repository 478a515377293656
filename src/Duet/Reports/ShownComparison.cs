// A comparison or ablation as a report shows it.
using Duet.Studies.Comparison;

namespace Duet.Reports;

/// <summary>Systems or ablations beside each other.</summary>
/// <param name="File">The <c>comparison.json</c>.</param>
/// <param name="Table">The figures.</param>
/// <param name="Own">The label of the system that the report's run belongs to; null where the run is none of the comparison's.</param>
public sealed record ShownComparison(string File, ComparisonTable Table, string? Own);
