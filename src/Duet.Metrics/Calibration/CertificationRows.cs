// The rows that a certificate is made with.
using Duet.Metrics.Novelty;

namespace Duet.Metrics.Calibration;

/// <summary>Rows with the same inputs.</summary>
/// <param name="Pattern">The inputs.</param>
/// <param name="Predictions">The model's own predictions, a task each, the same rows in all.</param>
/// <param name="Rows">The rows' numbers in the table, in the order of the predictions.</param>
/// <param name="Inputs">What the rows' novelty is computed from, in the same order.</param>
/// <param name="Hidden">How many rows have further inputs that were hidden.</param>
public sealed record CertificationRows(
    InputPattern Pattern,
    IReadOnlyList<TaskPredictions> Predictions,
    IReadOnlyList<long> Rows,
    IReadOnlyList<NoveltyInput> Inputs,
    int Hidden
);
