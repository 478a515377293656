// Precision and recall at every threshold.
namespace Duet.Metrics;

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
