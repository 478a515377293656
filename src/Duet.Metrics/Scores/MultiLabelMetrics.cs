// Metrics of tasks where a row may have several classes.
namespace Duet.Metrics;

/// <summary>Decisions at a threshold, scored over the labelled (row, class) pairs of a multi-label task.</summary>
public static class MultiLabelMetrics
{
    /// <summary>The scores of every class when probabilities of at least <paramref name="threshold"/> mean yes.</summary>
    /// <exception cref="InvalidOperationException">The task is single-label.</exception>
    public static IReadOnlyList<ClassScores> PerClass(TaskPredictions task, float threshold)
    {
        var counts = Counts(task, threshold);
        return [.. counts.Select((count, i) => ClassScores.Of(task.Classes[i], count.Right, count.Support, count.Predicted))];
    }

    /// <summary>
    /// The plain mean over the classes that any row is labelled for, yes or no. One that is neither labelled yes nor given counts as 0, as
    /// in scikit-learn for multi-label indicators.
    /// </summary>
    /// <exception cref="InvalidOperationException">The task is single-label.</exception>
    public static AverageScores Macro(TaskPredictions task, float threshold) =>
        AverageScores.Mean(PerClass(task, threshold).Where((_, i) => task.Labelled.Any(row => task.Target(row, i) >= 0)));

    /// <summary>Precision, recall and F1 of the counts pooled over classes.</summary>
    /// <exception cref="InvalidOperationException">The task is single-label.</exception>
    public static AverageScores Micro(TaskPredictions task, float threshold)
    {
        var counts = Counts(task, threshold);
        return AverageScores.Micro(
            counts.Sum(count => count.Right),
            counts.Sum(count => count.Support),
            counts.Sum(count => count.Predicted)
        );
    }

    /// <summary>Rows on which every labelled class is decided rightly / labelled rows (the exact-match ratio); NaN where no row is
    /// labelled.</summary>
    /// <exception cref="InvalidOperationException">The task is single-label.</exception>
    public static double SubsetAccuracy(TaskPredictions task, float threshold)
    {
        var right = RowsRight(task, threshold);
        return (double)right.Count(row => row) / right.Length;
    }

    /// <summary>Whether each labelled row is decided rightly on every labelled class, in the order of
    /// <see cref="TaskPredictions.Labelled"/>.</summary>
    /// <exception cref="InvalidOperationException">The task is single-label.</exception>
    public static bool[] RowsRight(TaskPredictions task, float threshold)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.Require(multiLabel: true);
        return
        [
            .. task.Labelled.Select(row =>
                Enumerable
                    .Range(0, task.Classes.Count)
                    .All(i => task.Target(row, i) is var target && (target < 0 || target == 1 == task.Row(row)[i] >= threshold))
            ),
        ];
    }

    private static (long Right, long Support, long Predicted)[] Counts(TaskPredictions task, float threshold)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.Require(multiLabel: true);
        var counts = new (long Right, long Support, long Predicted)[task.Classes.Count];
        foreach (var row in task.Labelled)
        {
            var probabilities = task.Row(row);
            for (var i = 0; i < counts.Length; i++)
            {
                var target = task.Target(row, i);
                if (target >= 0)
                {
                    var yes = probabilities[i] >= threshold;
                    counts[i].Right += yes && target == 1 ? 1 : 0;
                    counts[i].Support += target;
                    counts[i].Predicted += yes ? 1 : 0;
                }
            }
        }

        return counts;
    }
}
