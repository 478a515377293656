// How much can be filled in automatically while a promised precision is kept.

namespace Duet.Metrics;

/// <summary>
/// Recall at precision. With score s and threshold t: precision(t) = right accepted / accepted, recall(t) = right accepted / all positives;
/// recall@P = max { recall(t) : precision(t) >= P }, and 0 where no t reaches P. The CMA-CLIP paper (arXiv 2112.03562) reports it without a
/// definition; this one follows the practice of setting a threshold per attribute (MXT, arXiv 2306.00379).
/// </summary>
public static class RecallAtPrecision
{
    /// <summary>The best operating point of scored decisions.</summary>
    /// <param name="scores">The confidence of each decision; equal scores are accepted together.</param>
    /// <param name="right">Whether each decision is right.</param>
    /// <param name="positives">The denominator of recall.</param>
    /// <param name="precision">The promised precision, in (0, 1].</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The precision is not in (0, 1].</exception>
    public static OperatingPoint Find(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right, long positives, double precision)
    {
        if (!(precision > 0 && precision <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "A precision target must be in (0, 1].");
        }

        var best = OperatingPoint.None;
        foreach (var step in RankedDecisions.Steps(scores, right))
        {
            var reached = (double)step.Right / step.Accepted;
            var recall = (double)step.Right / positives;

            // Of equal recalls the first is kept: the highest threshold, hence the highest precision.
            if (reached >= precision && recall > best.Recall)
            {
                best = new OperatingPoint(step.Threshold, reached, recall, (double)step.Accepted / scores.Length);
            }
        }

        return best;
    }

    /// <summary>
    /// Of a whole task. Single-label: a row's decision is its most probable class with that class's probability, recall is over all
    /// labelled rows. Multi-label: every labelled (row, class) is a decision for the class, recall is over all true ones.
    /// </summary>
    public static OperatingPoint OfTask(TaskPredictions task, double precision)
    {
        var (scores, right, positives) = Decisions(task, only: null);
        return Find(scores, right, positives, precision);
    }

    /// <summary>
    /// Of one class. Single-label: the decisions are the rows given this class, recall is over the rows that have it.
    /// Multi-label: every row labelled for the class is a decision for it.
    /// </summary>
    public static OperatingPoint OfClass(TaskPredictions task, int @class, double precision) => OfClass(task, @class, [precision])[0];

    /// <summary>Of one class at several precisions, in their order.</summary>
    internal static IReadOnlyList<OperatingPoint> OfClass(TaskPredictions task, int @class, IReadOnlyList<double> precisions)
    {
        var (scores, right, positives) = Decisions(task, only: @class);
        return [.. precisions.Select(precision => positives == 0 ? OperatingPoint.None : Find(scores, right, positives, precision))];
    }

    /// <summary>The mean of the classes' recalls at this precision (a threshold for each class), over the classes that have rows; NaN where
    /// none has.</summary>
    public static double ClassMean(TaskPredictions task, double precision)
    {
        ArgumentNullException.ThrowIfNull(task);
        double sum = 0;
        var count = 0;
        for (var i = 0; i < task.Classes.Count; i++)
        {
            var (scores, right, positives) = Decisions(task, only: i);
            if (positives > 0)
            {
                sum += Find(scores, right, positives, precision).Recall;
                count++;
            }
        }

        return sum / count;
    }

    /// <summary>
    /// Recall of a system and of its baseline at the baseline's own precision: the baseline accepts from
    /// <paramref name="baselineThreshold"/> on, the system may choose its threshold to be at least as precise.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="baseline">The baseline, on the same rows.</param>
    /// <param name="baselineThreshold">The baseline's confidence threshold; 0 accepts all, so that its precision is its accuracy.</param>
    /// <returns>Both operating points; the system's is <see cref="OperatingPoint.None"/> where the baseline accepts nothing or nothing
    /// right.</returns>
    /// <exception cref="ArgumentException">The two do not have the same number of labelled rows.</exception>
    public static (OperatingPoint System, OperatingPoint Baseline) AtBaselinePrecision(
        TaskPredictions system,
        TaskPredictions baseline,
        double baselineThreshold = 0
    )
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(baseline);
        if (!system.Labelled.SequenceEqual(baseline.Labelled))
        {
            throw new ArgumentException(
                $"'{system.Name}' and '{baseline.Name}' were not scored on the same labelled rows.",
                nameof(baseline)
            );
        }

        var (scores, right, positives) = Decisions(baseline, only: null);
        long accepted = 0,
            correct = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            accepted += scores[i] >= baselineThreshold ? 1 : 0;
            correct += scores[i] >= baselineThreshold && right[i] ? 1 : 0;
        }

        if (correct == 0)
        {
            return (OperatingPoint.None, OperatingPoint.None);
        }

        var precision = (double)correct / accepted;
        var point = new OperatingPoint(baselineThreshold, precision, (double)correct / positives, (double)accepted / scores.Length);
        return (OfTask(system, precision), point);
    }

    internal static (float[] Scores, bool[] Right, long Positives) Decisions(TaskPredictions task, int? only)
    {
        ArgumentNullException.ThrowIfNull(task);
        var scores = new List<float>();
        var right = new List<bool>();
        long positives = 0;
        foreach (var row in task.Labelled)
        {
            var given = task.MultiLabel ? -1 : task.Prediction(row);
            for (var i = only ?? 0; i <= (only ?? task.Classes.Count - 1); i++)
            {
                var target = task.Target(row, i);
                positives += target == 1 ? 1 : 0;
                if (target >= 0 && (task.MultiLabel || given == i))
                {
                    scores.Add(task.Row(row)[i]);
                    right.Add(target == 1);
                }
            }
        }

        return ([.. scores], [.. right], positives);
    }
}

/// <summary>A confidence threshold with its consequences. Predictions at or above it are accepted.</summary>
/// <param name="Threshold">The least confidence at which a prediction is accepted; null where no threshold reaches the target (nothing is
/// accepted).</param>
/// <param name="Precision">Right among the accepted / accepted; NaN where nothing is accepted.</param>
/// <param name="Recall">Right among the accepted / all labelled rows (or all rows of the class).</param>
/// <param name="Coverage">Accepted / all rows that were scored.</param>
public sealed record OperatingPoint(double? Threshold, double Precision, double Recall, double Coverage)
{
    /// <summary>Nothing reaches the target, so nothing is accepted.</summary>
    public static OperatingPoint None { get; } = new(null, double.NaN, 0, 0);
}

/// <summary>The curve behind <see cref="RecallAtPrecision"/>.</summary>
public static class PrecisionRecallCurve
{
    /// <summary>
    /// One operating point per distinct confidence, from the surest on: precision and recall rise and fall as ever more decisions are
    /// accepted. Decisions are those of <see cref="RecallAtPrecision.OfTask"/>. Empty where no row is labelled.
    /// </summary>
    public static IReadOnlyList<OperatingPoint> Of(TaskPredictions task)
    {
        var (scores, right, positives) = RecallAtPrecision.Decisions(task, only: null);
        return positives == 0
            ? []
            :
            [
                .. RankedDecisions
                    .Steps(scores, right)
                    .Select(step => new OperatingPoint(
                        step.Threshold,
                        (double)step.Right / step.Accepted,
                        (double)step.Right / positives,
                        (double)step.Accepted / scores.Length
                    )),
            ];
    }
}
