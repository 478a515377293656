// One task of two runs on the same rows.

namespace Duet.Metrics;

/// <summary>A task of a run and of its baseline.</summary>
public sealed record PairedTask
{
    /// <summary>Rows that both have a label for.</summary>
    public required int N { get; init; }

    /// <summary>The run's accuracy on them (multi-label: rows with every class right).</summary>
    public required double Accuracy { get; init; }

    /// <summary>The baseline's.</summary>
    public required double BaselineAccuracy { get; init; }

    /// <summary>The difference of the accuracies with its paired bootstrap interval and p-value; null where no draws were asked
    /// for.</summary>
    public PairedDifference? AccuracyDifference { get; init; }

    /// <summary>McNemar's exact test on the rows that only one has right.</summary>
    public required McNemarResult McNemar { get; init; }

    /// <summary>The baseline's own precision: of all its answers (multi-label: of all that are given).</summary>
    public double? BaselinePrecision { get; init; }

    /// <summary>The baseline's recall at its own precision.</summary>
    public double BaselineRecall { get; init; }

    /// <summary>The run's recall where it is at least as precise as the baseline: the paper's measure.</summary>
    public double RecallAtBaselinePrecision { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="task">The run's predictions; every row is labelled.</param>
    /// <param name="baseline">The baseline's, on the same rows.</param>
    /// <param name="options">Draws, seed and threshold.</param>
    public static PairedTask Of(TaskPredictions task, TaskPredictions baseline, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(options);
        var (first, second) = (Right(task, options), Right(baseline, options));
        var (system, own) = RecallAtPrecision.AtBaselinePrecision(task, baseline, task.MultiLabel ? options.Threshold : 0);
        return new PairedTask
        {
            N = first.Length,
            Accuracy = (double)first.Count(value => value) / first.Length,
            BaselineAccuracy = (double)second.Count(value => value) / second.Length,
            AccuracyDifference =
                options.Resamples == 0
                    ? null
                    : Significance.PairedBootstrap(
                        Array.ConvertAll(first, value => value ? 1.0 : 0),
                        Array.ConvertAll(second, value => value ? 1.0 : 0),
                        options.Seed,
                        options.Resamples
                    ),
            McNemar = Significance.McNemar(first, second),
            BaselinePrecision = double.IsNaN(own.Precision) ? null : own.Precision,
            BaselineRecall = own.Recall,
            RecallAtBaselinePrecision = system.Recall,
        };
    }

    private static bool[] Right(TaskPredictions task, EvaluationOptions options) =>
        task.MultiLabel ? MultiLabelMetrics.RowsRight(task, options.Threshold) : SingleLabelMetrics.Correct(task);
}

/// <summary>The difference of a figure between two systems.</summary>
/// <param name="Difference">First minus second, with its interval.</param>
/// <param name="PValue">The two-sided bootstrap p-value for "no difference".</param>
public sealed record PairedDifference(ConfidenceInterval Difference, double PValue);
