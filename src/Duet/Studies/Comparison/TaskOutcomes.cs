// The outcome of every row in one task, as parts of a sum.
using Duet.Metrics;

namespace Duet.Studies.Comparison;

/// <summary>
/// Two numbers per row whose sums over any set of rows give the task's score there: sum of <see cref="Right"/> divided by sum of
/// <see cref="Total"/>. Single-label (accuracy): 1 or 0, of 1. Multi-label (micro F1): 2 TP, of 2 TP + FP + FN. Both are 0 for a row
/// without a label.
/// </summary>
/// <param name="Right">What counts as right, per row.</param>
/// <param name="Total">What it counts against, per row.</param>
public sealed record TaskOutcomes(IReadOnlyList<int> Right, IReadOnlyList<int> Total)
{
    private const float Threshold = 0.5f;

    /// <summary>The outcomes of a task; multi-label classes are said to be there from a probability of one half.</summary>
    internal static TaskOutcomes Of(TaskPredictions predictions)
    {
        var rows = Enumerable
            .Range(0, predictions.Rows)
            .Select(row => predictions.MultiLabel ? MultiLabel(predictions, row) : SingleLabel(predictions, row))
            .ToList();
        return new TaskOutcomes([.. rows.Select(row => row.Right)], [.. rows.Select(row => row.Total)]);
    }

    private static (int Right, int Total) SingleLabel(TaskPredictions predictions, int row) =>
        predictions.Label(row) == TaskPredictions.Missing ? (0, 0) : (predictions.Prediction(row) == predictions.Label(row) ? 1 : 0, 1);

    private static (int Right, int Total) MultiLabel(TaskPredictions predictions, int row)
    {
        var (right, total) = (0, 0);
        for (var label = 0; label < predictions.Classes.Count; label++)
        {
            var target = predictions.Target(row, label);
            if (target == TaskPredictions.Missing)
            {
                continue;
            }

            var said = predictions.Row(row)[label] >= Threshold ? 1 : 0;
            right += 2 * said * target;
            total += said + target;
        }

        return (right, total);
    }
}
