// How a run ended.
using Duet.Data;

namespace Duet.Training;

/// <summary>The end of a run, or its interruption.</summary>
/// <param name="Finished">Whether all epochs are done (or training stopped early); otherwise it was interrupted and can be resumed.</param>
/// <param name="BestScore">The mean validation score of the weights that were kept; null without a validation split, and where no
/// validation row has a label that training knows.</param>
/// <param name="BestEpoch">The epoch whose weights were kept, counted from 1.</param>
/// <param name="Parameters">The model's trainable parameters.</param>
/// <param name="Quarantined">Entries in the quarantine file.</param>
/// <param name="Elapsed">Time since the run was started or resumed.</param>
public sealed record TrainingResult(bool Finished, double? BestScore, int BestEpoch, long Parameters, long Quarantined, TimeSpan Elapsed)
{
    /// <summary>The rows of the validation split; with rows and without a score, none of them has a label that training knows.</summary>
    public int ValidationRows { get; init; }

    /// <summary>How much of the table could not be used.</summary>
    public Losses Losses { get; init; } = Losses.None;

    /// <summary>What was set aside, by reason.</summary>
    public Quarantine SetAside { get; init; } = new();

    /// <summary>How much might have been.</summary>
    public LossLimit Limit { get; init; } = new();
}
