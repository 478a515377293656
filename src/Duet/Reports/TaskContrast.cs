// Two runs on one task.
using Duet.Evaluation;

namespace Duet.Reports;

/// <summary>The run's accuracy against a second run's, row by row, and the paper's measure: recall at the other's own precision.</summary>
/// <param name="Task">The task.</param>
/// <param name="N">Labelled rows that both answered.</param>
/// <param name="First">The run's accuracy.</param>
/// <param name="Second">The second run's accuracy.</param>
/// <param name="Difference">First minus second, with its paired bootstrap interval and p-value.</param>
/// <param name="McNemar">McNemar's test.</param>
/// <param name="Recall">Recall of the run at the precision of the second run's answers; null where the two do not share all labelled rows.</param>
/// <param name="BaselineRecall">The second run's recall there: all its answers accepted.</param>
public sealed record TaskContrast(
    string Task, int N, double First, double Second, PairedDifference Difference, McNemarResult McNemar, double? Recall, double? BaselineRecall);
