// Which classes are taken for one another.
using Duet.Metrics;

namespace Duet.Reports.Gathering;

/// <summary>Finds the most frequent mistakes of a task.</summary>
internal static class Confusions
{
    /// <summary>The pairs of (true, given) class with most rows, and for each the rows where the model was surest.</summary>
    /// <param name="task">A single-label task.</param>
    /// <param name="pairs">The most pairs.</param>
    /// <param name="examples">The most rows of each.</param>
    public static IReadOnlyList<(int Actual, int Predicted, long Count, long Rows, IReadOnlyList<int> Examples)> Find(
        TaskPredictions task,
        int pairs,
        int examples
    )
    {
        var sizes = task.Labelled.GroupBy(task.Label).ToDictionary(rows => rows.Key, rows => rows.LongCount());
        return
        [
            .. task
                .Labelled.Where(row => task.Label(row) != task.Prediction(row))
                .GroupBy(row => (Actual: task.Label(row), Predicted: task.Prediction(row)))
                .OrderByDescending(rows => rows.Count())
                .ThenBy(rows => rows.Key)
                .Take(pairs)
                .Select(rows =>
                    (
                        rows.Key.Actual,
                        rows.Key.Predicted,
                        rows.LongCount(),
                        sizes[rows.Key.Actual],
                        (IReadOnlyList<int>)[.. rows.OrderByDescending(row => task.Row(row)[task.Prediction(row)]).Take(examples)]
                    )
                ),
        ];
    }
}
