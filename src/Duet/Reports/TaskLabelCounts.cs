// The labels of a task.
using Duet.Data;

namespace Duet.Reports;

/// <summary>How a task is labelled.</summary>
/// <param name="Task">The task.</param>
/// <param name="Missing">Rows without a label, by split, in the order of <see cref="DataSummary.Splits"/>.</param>
/// <param name="Classes">The model's classes and their rows over all splits, the most frequent first.</param>
public sealed record TaskLabelCounts(TaskDefinition Task, IReadOnlyList<long> Missing, IReadOnlyList<KeyValuePair<string, long>> Classes);
