// How unlike the slices of a column are.
namespace Duet.Metrics.Slices;

/// <summary>The spread of a task's accuracy over the slices with enough rows.</summary>
/// <param name="Slices">Slices that count: those with at least <see cref="ColumnSlices.MinRows"/> labelled rows.</param>
/// <param name="Lowest">The slice with the lowest accuracy.</param>
/// <param name="Highest">The slice with the highest accuracy.</param>
/// <param name="Range">Highest - lowest accuracy.</param>
/// <param name="Deviation">The standard deviation of the accuracies (of the slices, each counting once).</param>
public sealed record TaskSpread(int Slices, string Lowest, string Highest, double Range, double Deviation);
