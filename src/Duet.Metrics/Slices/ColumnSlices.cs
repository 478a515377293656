// Figures by the values of a column.
using Duet.Metrics.Calibration;

namespace Duet.Metrics.Slices;

/// <summary>An evaluation cut into slices by a column.</summary>
public sealed record ColumnSlices
{
    /// <summary>The slices by which inputs a row has, in place of a column of the table.</summary>
    public const string Inputs = "@inputs";

    /// <summary>Rows whose cell is empty. A cell that says just this is <c>'(empty)'</c>.</summary>
    public const string Empty = "(empty)";

    /// <summary>The slices beyond the largest <see cref="MaxSlices"/>, together. A cell that says just this is <c>'(others)'</c>.</summary>
    public const string Others = "(others)";

    /// <summary>The most slices that are distinguished.</summary>
    public const int MaxSlices = 50;

    /// <summary>Labelled rows a slice needs to count in the spread; with fewer, luck decides who is best.</summary>
    public const int MinRows = 20;

    /// <summary>Rows by slice, the largest first.</summary>
    public required IReadOnlyDictionary<string, int> Rows { get; init; }

    /// <summary>Figures by task and slice.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, SliceFigures>> Tasks { get; init; }

    /// <summary>The spread by task; a task with fewer than two slices that count is absent.</summary>
    public required IReadOnlyDictionary<string, TaskSpread> Spread { get; init; }

    /// <summary>Cuts an evaluation.</summary>
    /// <param name="tasks">The predictions.</param>
    /// <param name="values">The column's value of every row, null or empty where the cell is.</param>
    /// <param name="threshold">From which probability on a class of a multi-label task counts as given.</param>
    /// <exception cref="ArgumentException">There are not as many values as rows.</exception>
    public static ColumnSlices Of(IReadOnlyList<TaskPredictions> tasks, IReadOnlyList<string?> values, float threshold)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(values);
        if (tasks.Any(task => task.Rows != values.Count))
        {
            throw new ArgumentException($"{values.Count} values do not fit the rows.", nameof(values));
        }

        var groups = Enumerable
            .Range(0, values.Count)
            .GroupBy(row => NameOf(values[row]), StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Rows: group.ToArray()))
            .ToList();
        if (groups.Count > MaxSlices)
        {
            groups = [.. groups.Take(MaxSlices), (Others, groups.Skip(MaxSlices).SelectMany(group => group.Rows).ToArray())];
        }

        var figures = tasks.ToDictionary(
            task => task.Name,
            task =>
                (IReadOnlyDictionary<string, SliceFigures>)
                    groups.ToDictionary(group => group.Key, group => Figures(task.Select(group.Rows), threshold), StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        return new ColumnSlices
        {
            Rows = groups.ToDictionary(group => group.Key, group => group.Rows.Length, StringComparer.Ordinal),
            Tasks = figures,
            Spread = figures
                .Select(task => (task.Key, Spread: SpreadOf(task.Value)))
                .Where(task => task.Spread is not null)
                .ToDictionary(task => task.Key, task => task.Spread!, StringComparer.Ordinal),
        };
    }

    // A value that reads like one of the names made here is distinguished from it by quotes.
    private static string NameOf(string? value) =>
        string.IsNullOrEmpty(value) ? Empty
        : value is Empty or Others ? $"'{value}'"
        : value;

    private static SliceFigures Figures(TaskPredictions task, float threshold)
    {
        if (task.Labelled.Count == 0)
        {
            return new SliceFigures(0, null, null, null, null);
        }

        var right = task.MultiLabel ? MultiLabelMetrics.RowsRight(task, threshold) : SingleLabelMetrics.Correct(task);
        var classes = task.MultiLabel ? MultiLabelMetrics.PerClass(task, threshold) : ConfusionMatrix.Of(task).PerClass();
        var interval = BinomialBounds.Interval(right.Length, right.Count(value => value));
        return new SliceFigures(
            right.Length,
            interval!.Estimate,
            interval,
            Defined((task.MultiLabel ? MultiLabelMetrics.Macro(task, threshold) : AverageScores.Macro(classes)).F1),
            Defined(CalibrationMetrics.ExpectedCalibrationError(task))
        );
    }

    private static TaskSpread? SpreadOf(IReadOnlyDictionary<string, SliceFigures> slices)
    {
        var counted = slices
            .Where(slice => slice.Value.N >= MinRows && slice.Key is not Others)
            .OrderBy(slice => slice.Value.Accuracy)
            .ToList();
        if (counted.Count < 2)
        {
            return null;
        }

        var accuracies = counted.ConvertAll(slice => slice.Value.Accuracy!.Value);
        var mean = accuracies.Average();
        var deviation = Math.Sqrt(accuracies.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / (accuracies.Count - 1));
        return new TaskSpread(counted.Count, counted[0].Key, counted[^1].Key, accuracies[^1] - accuracies[0], deviation);
    }

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
