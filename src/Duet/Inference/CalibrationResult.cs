// How a calibration ended.
using Duet.Data;
using Duet.Metrics.Calibration;

namespace Duet.Inference;

/// <summary>A calibration that was written, and what could not be used for it.</summary>
/// <param name="Calibration">The certificates.</param>
/// <param name="Quarantine">Rows and pictures that were set aside.</param>
/// <param name="UnseenLabels">Labels that the model does not know; their rows certify nothing for that task.</param>
public sealed record CalibrationResult(RunCalibration Calibration, Quarantine Quarantine, UnseenLabels UnseenLabels)
{
    /// <summary>Whether the texts that the run was trained on are part of the novelty reference; not so where its own table is not
    /// available.</summary>
    public bool HasTrainingTexts { get; init; }

    /// <summary>Of another table than the run's own, the share of the rows with a text whose text is one of training: where it is large,
    /// these may be the rows that the model has learned from.</summary>
    public double TrainingTextShare { get; init; }
}
