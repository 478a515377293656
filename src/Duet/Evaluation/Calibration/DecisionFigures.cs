// Whether the promise of a calibration held on other rows.
using System.Text.Json.Serialization;

namespace Duet.Evaluation.Calibration;

/// <summary>What thresholds accept on labelled rows, and how often rightly.</summary>
public sealed record DecisionFigures
{
    /// <summary>The promised precision.</summary>
    public required double Target { get; init; }

    /// <summary>The confidence of the promise.</summary>
    public required double Confidence { get; init; }

    /// <summary>Labelled rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows whose answer is accepted; the others need review.</summary>
    public required int Accepted { get; init; }

    /// <summary>Accepted rows whose answer is right.</summary>
    public required int Right { get; init; }

    /// <summary>Accepted / labelled rows; null where none is labelled.</summary>
    public double? Coverage => Rows == 0 ? null : (double)Accepted / Rows;

    /// <summary>Right / accepted with its exact 95 % interval (Clopper-Pearson); null where nothing is accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConfidenceInterval? Precision { get; init; }

    /// <summary>Whether there is a threshold at all (with thresholds per class: at least one).</summary>
    public required bool Reachable { get; init; }

    /// <summary>Expected calibration error of the model's own probabilities.</summary>
    public double? EceBefore { get; init; }

    /// <summary>Expected calibration error of the calibrated probabilities.</summary>
    public double? EceAfter { get; init; }

    /// <summary>Negative log-likelihood of the model's own probabilities, nats.</summary>
    public double? NllBefore { get; init; }

    /// <summary>Negative log-likelihood of the calibrated probabilities, nats.</summary>
    public double? NllAfter { get; init; }

    /// <summary>Measures a calibrated task.</summary>
    /// <param name="calibration">The run's calibration.</param>
    /// <param name="own">The model's own predictions.</param>
    /// <param name="corrected">The calibrated predictions on the same rows.</param>
    public static DecisionFigures Of(RunCalibration calibration, TaskPredictions own, TaskPredictions corrected)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(corrected);
        var task = calibration[own.Name];
        int accepted = 0, right = 0;
        foreach (var row in corrected.Labelled)
        {
            var given = ScoredDecisions.Given(corrected, row, calibration.Given);
            if (task.Accepts([.. given.Select(label => (corrected.Classes[label], (double)corrected.Row(row)[label]))]))
            {
                accepted++;
                right += given.All(label => corrected.Target(row, label) == 1) ? 1 : 0;
            }
        }

        return new DecisionFigures
        {
            Target = calibration.Precision,
            Confidence = calibration.Confidence,
            Rows = corrected.Labelled.Count,
            Accepted = accepted,
            Right = right,
            Precision = BinomialBounds.Interval(accepted, right),
            Reachable = task.Classes is null ? task.Threshold.IsReachable : task.Classes.Values.Any(threshold => threshold.IsReachable),
            EceBefore = Defined(CalibrationMetrics.ExpectedCalibrationError(own)),
            EceAfter = Defined(CalibrationMetrics.ExpectedCalibrationError(corrected)),
            NllBefore = Defined(CalibrationMetrics.NegativeLogLikelihood(own)),
            NllAfter = Defined(CalibrationMetrics.NegativeLogLikelihood(corrected)),
        };
    }

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
