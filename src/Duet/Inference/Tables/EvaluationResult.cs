// How good a model is on a table, with the data behind the figures.
using Duet.Data;
using Duet.Metrics;
using Duet.Metrics.Calibration;

namespace Duet.Inference;

/// <summary>The outcome of an evaluation.</summary>
/// <param name="Report">The figures; <see cref="EvaluationReport.ToJson"/> is what <c>duet evaluate --json</c> writes.</param>
/// <param name="Predictions">Per task the probabilities (calibrated where the run is) and labels of every row, in the order of
/// <paramref name="Ids"/>.</param>
/// <param name="Ids">The ids of the evaluated rows, in table order.</param>
/// <param name="UnseenLabels">Labels that the model does not know; they are masked out of the figures.</param>
/// <param name="Quarantine">Rows and pictures that were set aside.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record EvaluationResult(
    EvaluationReport Report,
    IReadOnlyList<TaskPredictions> Predictions,
    IReadOnlyList<string> Ids,
    UnseenLabels UnseenLabels,
    Quarantine Quarantine,
    TimeSpan Elapsed
)
{
    /// <summary>The model's own probabilities; those of <see cref="Predictions"/> where the run is not calibrated.</summary>
    public IReadOnlyList<TaskPredictions> Uncalibrated { get; init; } = Predictions;

    /// <summary>Per task the decision on every row's answer, in the order of <see cref="Ids"/>; empty where the run is not
    /// calibrated.</summary>
    public IReadOnlyList<IReadOnlyList<Decision>> Decisions { get; init; } = [];

    /// <summary>The table row numbers, in the order of <see cref="Ids"/>; ids may repeat, these do not.</summary>
    public IReadOnlyList<long> Rows { get; init; } = [];

    /// <summary>The texts that were longer than the model's context.</summary>
    public LongTextCount LongTexts { get; init; }

    /// <summary>What may be lost; what was lost is in <see cref="Quarantine"/>.</summary>
    public LossLimit Limit { get; init; } = new();

    /// <summary>Values of features that training never had; they counted as unknown.</summary>
    public UnseenLabels UnseenFeatures { get; init; } = new();
}
