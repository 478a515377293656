// How good a model is on some of the rows.

namespace Duet.Metrics.Slices;

/// <summary>A task's figures on one slice.</summary>
/// <param name="N">Labelled rows.</param>
/// <param name="Accuracy">Single-label: right / labelled; multi-label: rows with every class right. Null where no row is labelled.</param>
/// <param name="AccuracyInterval">Its exact 95 % interval (Clopper-Pearson).</param>
/// <param name="MacroF1">The mean F1 over the classes that occur; of a multi-label task over all
/// (<see cref="MultiLabelMetrics.Macro"/>).</param>
/// <param name="Ece">Expected calibration error.</param>
public sealed record SliceFigures(int N, double? Accuracy, ConfidenceInterval? AccuracyInterval, double? MacroF1, double? Ece);

/// <summary>The spread of a task's accuracy over the slices with enough rows.</summary>
/// <param name="Slices">Slices that count: those with at least <see cref="ColumnSlices.MinRows"/> labelled rows.</param>
/// <param name="Lowest">The slice with the lowest accuracy.</param>
/// <param name="Highest">The slice with the highest accuracy.</param>
/// <param name="Range">Highest - lowest accuracy.</param>
/// <param name="Deviation">The standard deviation of the accuracies (of the slices, each counting once).</param>
public sealed record TaskSpread(int Slices, string Lowest, string Highest, double Range, double Deviation);
