// Turns predictions into the figures of a report.
using System.Globalization;
using Duet.Metrics.Calibration;

namespace Duet.Metrics;

/// <summary>Computes all figures of a task.</summary>
public static class TaskEvaluator
{
    /// <summary>Evaluates one task.</summary>
    /// <param name="task">Predictions and labels.</param>
    /// <param name="options">The choices; the defaults where null.</param>
    /// <param name="unseenLabels">How many rows have a label that the model does not know (masked as missing in
    /// <paramref name="task"/>).</param>
    public static TaskMetrics Evaluate(TaskPredictions task, EvaluationOptions? options = null, int unseenLabels = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new EvaluationOptions();
        if (task.Labelled.Count == 0)
        {
            // Of nothing there are no figures, not even a recall of 0.
            return new TaskMetrics
            {
                N = 0,
                MultiLabel = task.MultiLabel,
                UnseenLabels = unseenLabels,
            };
        }

        var shared = Shared(task, options) with { UnseenLabels = unseenLabels };
        return task.MultiLabel ? WithMultiLabel(shared, task, options) : WithSingleLabel(shared, task, options);
    }

    /// <summary>The key of a precision in a report: at least two decimals, as in <c>0.90</c>.</summary>
    public static string PrecisionKey(double precision) => precision.ToString("0.00####", CultureInfo.InvariantCulture);

    private static TaskMetrics Shared(TaskPredictions task, EvaluationOptions options)
    {
        var points = options
            .Precisions.DistinctBy(PrecisionKey, StringComparer.Ordinal)
            .ToDictionary(PrecisionKey, precision => RecallAtPrecision.OfTask(task, precision), StringComparer.Ordinal);
        var curve = CalibrationMetrics.Reliability(task, options.Bins);
        return new TaskMetrics
        {
            N = task.Labelled.Count,
            MultiLabel = task.MultiLabel,
            RecallAtPrecision = points.ToDictionary(point => point.Key, point => point.Value.Recall, StringComparer.Ordinal),
            ThresholdAtPrecision = points.ToDictionary(point => point.Key, point => point.Value.Threshold, StringComparer.Ordinal),
            MeanAveragePrecision = Defined(RankingMetrics.MacroAveragePrecision(task)),
            RocAuc = Defined(RankingMetrics.MacroRocAuc(task)),
            Nll = Defined(CalibrationMetrics.NegativeLogLikelihood(task)),
            Brier = Defined(CalibrationMetrics.Brier(task)),
            Ece = Defined(CalibrationMetrics.Error(curve)),
            ClasswiseEce = Defined(CalibrationMetrics.ClasswiseCalibrationError(task, options.Bins)),
            Reliability = curve,
        };
    }

    private static TaskMetrics WithSingleLabel(TaskMetrics metrics, TaskPredictions task, EvaluationOptions options)
    {
        var matrix = ConfusionMatrix.Of(task);
        var classes = matrix.PerClass();
        metrics = WithClasses(
            metrics,
            classes,
            AverageScores.Macro(classes),
            AverageScores.Micro(matrix.Correct, matrix.Total, matrix.Total),
            task,
            options
        ) with
        {
            Confusion = matrix.Cells(),
            Accuracy = Defined(SingleLabelMetrics.Accuracy(task)),
            Top5 = Defined(SingleLabelMetrics.TopK(task, 5)),
        };
        if (options.Resamples == 0 || metrics.N == 0)
        {
            return metrics;
        }

        int[] labels = [.. task.Labelled.Select(task.Label)];
        int[] predictions = [.. task.Labelled.Select(task.Prediction)];
        return metrics with
        {
            AccuracyInterval = AccuracyInterval(SingleLabelMetrics.Correct(task), options),
            MacroF1Interval = Bootstrap.Interval(
                labels.Length,
                rows => MacroF1(task.Classes, labels, predictions, rows),
                options.Seed,
                options.Resamples
            ),
        };
    }

    private static TaskMetrics WithMultiLabel(TaskMetrics metrics, TaskPredictions task, EvaluationOptions options)
    {
        var threshold = options.Threshold;
        metrics = WithClasses(
            metrics,
            MultiLabelMetrics.PerClass(task, threshold),
            MultiLabelMetrics.Macro(task, threshold),
            MultiLabelMetrics.Micro(task, threshold),
            task,
            options
        );
        return metrics with
        {
            Accuracy = Defined(MultiLabelMetrics.SubsetAccuracy(task, options.Threshold)),
            AccuracyInterval =
                options.Resamples == 0 || metrics.N == 0
                    ? null
                    : AccuracyInterval(MultiLabelMetrics.RowsRight(task, options.Threshold), options),
            MicroAveragePrecision = Defined(RankingMetrics.MicroAveragePrecision(task)),
        };
    }

    private static TaskMetrics WithClasses(
        TaskMetrics metrics,
        IReadOnlyList<ClassScores> classes,
        AverageScores macro,
        AverageScores micro,
        TaskPredictions task,
        EvaluationOptions options
    )
    {
        var weighted = AverageScores.Weighted(classes);
        var recalls = classes.Select((_, i) => Recalls(task, i, options)).ToArray();
        return metrics with
        {
            PerClass = [.. classes.Select((scores, i) => scores with { RecallAtPrecision = recalls[i] })],
            ClassMeanRecallAtPrecision = options
                .Precisions.DistinctBy(PrecisionKey, StringComparer.Ordinal)
                .ToDictionary(
                    PrecisionKey,
                    precision =>
                        Defined(
                            recalls
                                .Where((_, i) => classes[i].Support > 0)
                                .Select(recall => recall[PrecisionKey(precision)])
                                .DefaultIfEmpty(double.NaN)
                                .Average()
                        ),
                    StringComparer.Ordinal
                ),
            MacroF1 = Defined(macro.F1),
            MacroPrecision = Defined(macro.Precision),
            MacroRecall = Defined(macro.Recall),
            MicroF1 = Defined(micro.F1),
            MicroPrecision = Defined(micro.Precision),
            MicroRecall = Defined(micro.Recall),
            WeightedF1 = Defined(weighted.F1),
            WeightedPrecision = Defined(weighted.Precision),
            WeightedRecall = Defined(weighted.Recall),
        };
    }

    // Both the classes' own figures and their mean come of it: a pass over all rows per class is expensive where there are thousands.
    private static Dictionary<string, double> Recalls(TaskPredictions task, int label, EvaluationOptions options)
    {
        double[] precisions = [.. options.Precisions.DistinctBy(PrecisionKey, StringComparer.Ordinal)];
        return precisions
            .Zip(RecallAtPrecision.OfClass(task, label, precisions))
            .ToDictionary(pair => PrecisionKey(pair.First), pair => pair.Second.Recall, StringComparer.Ordinal);
    }

    // Every draw from rows that are all right is all right, which would make 50 of 50 a certainty: there the exact interval is used.
    private static ConfidenceInterval AccuracyInterval(bool[] right, EvaluationOptions options)
    {
        var count = right.Count(value => value);
        return count == 0 || count == right.Length
            ? BinomialBounds.Interval(right.Length, count)!
            : Bootstrap.MeanInterval(Array.ConvertAll(right, value => value ? 1.0 : 0.0), options.Seed, options.Resamples);
    }

    private static double MacroF1(IReadOnlyList<string> classes, int[] labels, int[] predictions, int[] rows)
    {
        // Counted by hand instead of through a matrix: this runs once per draw.
        var counts = new (long Right, long Support, long Predicted)[classes.Count];
        foreach (var row in rows)
        {
            counts[labels[row]].Support++;
            counts[predictions[row]].Predicted++;
            counts[labels[row]].Right += labels[row] == predictions[row] ? 1 : 0;
        }

        return AverageScores.Macro(counts.Select((count, i) => ClassScores.Of(classes[i], count.Right, count.Support, count.Predicted))).F1;
    }

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
