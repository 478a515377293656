// Whether the promise of a calibration held on other rows.
using System.Text.Json.Serialization;

namespace Duet.Metrics.Calibration;

/// <summary>What was accepted of labelled rows, and how often rightly.</summary>
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

    /// <summary>Whether these rows contradict the promise: the upper bound of the measured precision is below the target.</summary>
    public bool Broken => Precision is { } measured && measured.High < Target;

    /// <summary>Rows that need review by reason, in snake_case: <c>below_threshold</c>, <c>unlike_the_catalogue</c>, ...; only those that
    /// occur.</summary>
    public IReadOnlyDictionary<string, int> Review { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The same by input pattern, in words; null within a pattern.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, DecisionFigures>? Patterns { get; init; }

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
    /// <param name="decisions">The decision on every row's answer.</param>
    /// <param name="patterns">The inputs of every row.</param>
    public static DecisionFigures Of(
        RunCalibration calibration,
        TaskPredictions own,
        TaskPredictions corrected,
        IReadOnlyList<Decision> decisions,
        IReadOnlyList<InputPattern> patterns
    )
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(corrected);
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(patterns);
        var certificates = calibration.Certificates.Select(certificate => certificate.Pattern).ToList();
        DecisionFigures Measure(IReadOnlyList<int> rows, IEnumerable<InputPattern> among) =>
            Of(calibration, own.Select(rows), corrected.Select(rows), [.. rows.Select(row => decisions[row])]) with
            {
                Reachable = among.Any(pattern => calibration.For(pattern) is { } certificate && IsReachable(certificate[own.Name])),
            };

        // The patterns in the order of the certificates; those without one last.
        var groups = Enumerable
            .Range(0, corrected.Rows)
            .GroupBy(row => patterns[row])
            .OrderBy(group => certificates.IndexOf(group.Key) is >= 0 and var place ? place : int.MaxValue)
            .ThenBy(group => group.Key.ToString(), StringComparer.Ordinal)
            .ToList();
        return Measure([.. Enumerable.Range(0, corrected.Rows)], groups.Select(group => group.Key)) with
        {
            Patterns = groups.ToDictionary(
                group => group.Key.ToString(),
                group => Measure([.. group], [group.Key]),
                StringComparer.Ordinal
            ),
        };
    }

    private static DecisionFigures Of(RunCalibration calibration, TaskPredictions own, TaskPredictions corrected, Decision[] decisions)
    {
        var accepted = corrected.Labelled.Where(row => decisions[row].Accepted).ToList();
        var right = accepted.Count(row =>
            ScoredDecisions.Given(corrected, row, calibration.Given).All(label => corrected.Target(row, label) == 1)
        );
        return new DecisionFigures
        {
            Target = calibration.Precision,
            Confidence = calibration.Confidence,
            Rows = corrected.Labelled.Count,
            Accepted = accepted.Count,
            Right = right,
            Precision = BinomialBounds.Interval(accepted.Count, right),
            Reachable = false,
            Review = corrected
                .Labelled.Select(row => decisions[row].Review)
                .OfType<ReviewReason>()
                .CountBy(reason => reason)
                .OrderBy(reason => reason.Key)
                .ToDictionary(
                    reason => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.Key.ToString()),
                    reason => reason.Value,
                    StringComparer.Ordinal
                ),
            EceBefore = Defined(CalibrationMetrics.ExpectedCalibrationError(own)),
            EceAfter = Defined(CalibrationMetrics.ExpectedCalibrationError(corrected)),
            NllBefore = Defined(CalibrationMetrics.NegativeLogLikelihood(own)),
            NllAfter = Defined(CalibrationMetrics.NegativeLogLikelihood(corrected)),
        };
    }

    private static bool IsReachable(TaskCalibration task) =>
        task.Classes is null ? task.Threshold.IsReachable : task.Classes.Values.Any(threshold => threshold.IsReachable);

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
