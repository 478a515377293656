// What answers that may be ancestors are worth.
using System.Text.Json.Serialization;
using Duet.Data;
using Duet.Evaluation.Calibration;

namespace Duet.Evaluation.Hierarchy;

/// <summary>Answers that back off to the deepest ancestor that reaches the calibration's threshold.</summary>
public sealed record BackoffFigures
{
    /// <summary>The promised precision.</summary>
    public required double Target { get; init; }

    /// <summary>Labelled rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows for which at least the root reaches the threshold.</summary>
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

    /// <summary>Measures a task.</summary>
    /// <param name="task">Calibrated predictions.</param>
    /// <param name="tree">Where the classes hang.</param>
    /// <param name="threshold">The threshold of ancestors.</param>
    /// <param name="target">The promised precision.</param>
    public static BackoffFigures Of(TaskPredictions task, ClassTree tree, PrecisionThreshold threshold, double target)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(threshold);
        int answered = 0, right = 0, full = 0, levels = 0;
        foreach (var row in threshold.IsReachable ? task.Labelled : [])
        {
            var label = task.Prediction(row);
            var depth = Backoff.Depth(Backoff.Levels(tree, task.Row(row), label), threshold.Threshold!.Value);
            answered += depth > 0 ? 1 : 0;
            right += depth > 0 && depth <= tree.CommonDepth(label, task.Label(row)) ? 1 : 0;
            full += depth == tree.Path(label).Count ? 1 : 0;
            levels += depth;
        }

        return new BackoffFigures
        {
            Target = target,
            Rows = task.Labelled.Count,
            Answered = answered,
            Right = right,
            FullDepth = full,
            MeanDepth = answered == 0 ? null : (double)levels / answered,
            Precision = BinomialBounds.Interval(answered, right),
        };
    }
}
