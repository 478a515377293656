// What answers that may be ancestors are worth.
using System.Text.Json.Serialization;
using Duet.Data;
using Duet.Metrics.Calibration;

namespace Duet.Metrics.Hierarchy;

/// <summary>Answers that back off to the deepest ancestor that reaches the calibration's threshold for its level.</summary>
public sealed record BackoffFigures
{
    /// <summary>The promised precision.</summary>
    public required double Target { get; init; }

    /// <summary>Labelled rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows for which an ancestor or the class itself reaches its threshold.</summary>
    public required int Answered { get; init; }

    /// <summary>Answered rows whose answer lies on the true path.</summary>
    public required int Right { get; init; }

    /// <summary>Answered rows whose answer is the class itself.</summary>
    public required int FullDepth { get; init; }

    /// <summary>The mean level of the answers; null where there are none.</summary>
    public double? MeanDepth { get; init; }

    /// <summary>Right / answered with its exact 95 % interval; null where nothing is answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConfidenceInterval? Precision { get; init; }

    /// <summary>The answers by the level they end on, the roots' first.</summary>
    public IReadOnlyList<LevelFigures> Levels { get; init; } = [];

    /// <summary>Measures a task.</summary>
    /// <param name="task">Calibrated predictions.</param>
    /// <param name="tree">The places of the classes in the tree.</param>
    /// <param name="thresholds">The thresholds that hold for a row, one per level, the root's first; null where nothing of it is
    /// accepted.</param>
    /// <param name="target">The promised precision.</param>
    public static BackoffFigures Of(
        TaskPredictions task,
        ClassTree tree,
        Func<int, IReadOnlyList<PrecisionThreshold>?> thresholds,
        double target
    )
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(thresholds);
        var (answered, right) = (new int[tree.Depth], new int[tree.Depth]);
        var reachable = new bool[tree.Depth];
        var full = 0;
        foreach (var row in task.Labelled)
        {
            var label = task.Prediction(row);
            if (thresholds(row) is not { } own)
            {
                continue;
            }

            var depth = Backoff.Depth(Backoff.Levels(tree, task.Row(row), label), own);
            for (var level = 0; level < reachable.Length; level++)
            {
                reachable[level] |= own[level].IsReachable;
            }

            if (depth > 0)
            {
                answered[depth - 1]++;
                right[depth - 1] += depth <= tree.CommonDepth(label, task.Label(row)) ? 1 : 0;
                full += depth == tree.Path(label).Count ? 1 : 0;
            }
        }

        var all = answered.Sum();
        return new BackoffFigures
        {
            Target = target,
            Rows = task.Labelled.Count,
            Answered = all,
            Right = right.Sum(),
            FullDepth = full,
            MeanDepth = all == 0 ? null : (double)answered.Select((count, i) => count * (i + 1)).Sum() / all,
            Precision = BinomialBounds.Interval(all, right.Sum()),
            Levels =
            [
                .. answered.Select(
                    (count, i) => new LevelFigures(i + 1, reachable[i], count, right[i], BinomialBounds.Interval(count, right[i]))
                ),
            ],
        };
    }
}
