// Answers that back off to an ancestor where the class is not sure enough.
using Duet.Data;
using Duet.Evaluation.Calibration;

namespace Duet.Evaluation.Hierarchy;

/// <summary>
/// For a threshold t a row's answer is the deepest ancestor (or the class itself) of its likeliest class whose probability is at least t;
/// it is right if it lies on the path of the true class. One threshold for all levels, because only so the promise is about the answers
/// that are given: thresholds that hold level by level say nothing of the rows that are left over from the level below.
/// </summary>
public sealed class AncestorDecisions : Decisions
{
    private const int MostSteps = 200;

    // Per row the probabilities from the root down, falling, and how many levels are right.
    private readonly (double[] Levels, int Right)[] rows;

    /// <summary>Creates the list.</summary>
    /// <param name="task">Calibrated predictions of a single-label task.</param>
    /// <param name="tree">Where its classes hang.</param>
    /// <param name="chosen">The rows that count; each has a label.</param>
    public AncestorDecisions(TaskPredictions task, ClassTree tree, IEnumerable<int> chosen)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(tree);
        rows = [.. chosen.Select(row => (Backoff.Levels(tree, task.Row(row), task.Prediction(row)), tree.CommonDepth(task.Prediction(row), task.Label(row))))];
    }

    /// <inheritdoc/>
    public override int Count => rows.Length;

    /// <inheritdoc/>
    public override (int Accepted, int Right) At(double threshold)
    {
        int accepted = 0, right = 0;
        foreach (var (levels, rightLevels) in rows)
        {
            var depth = Backoff.Depth(levels, threshold);
            accepted += depth > 0 ? 1 : 0;
            right += depth > 0 && depth <= rightLevels ? 1 : 0;
        }

        return (accepted, right);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<(double Threshold, int Accepted, int Right)> Steps()
    {
        var all = rows.SelectMany(row => row.Levels).Distinct().OrderDescending().ToArray();
        var stride = Math.Max(1, (all.Length + MostSteps - 1) / MostSteps);
        return [.. all.Where((_, i) => (all.Length - 1 - i) % stride == 0).Select(threshold => (threshold, At(threshold))).Select(step => (step.threshold, step.Item2.Accepted, step.Item2.Right))];
    }
}
