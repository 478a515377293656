// The state of a run, besides its tensors.

namespace Duet.Training;

/// <summary>The part of a checkpoint that is not tensors.</summary>
public sealed record TrainingState
{
    /// <summary>The stage the run is in.</summary>
    public TrainingStage Stage { get; init; }

    /// <summary>The epoch of the stage, counted from 0.</summary>
    public int Epoch { get; init; }

    /// <summary>The next batch of the epoch.</summary>
    public int Batch { get; init; }

    /// <summary>Optimiser steps made in the stage.</summary>
    public long Step { get; init; }

    /// <summary>Updates of the moving average made in the stage.</summary>
    public long AverageSteps { get; init; }

    /// <summary>The mean validation score of the weights that are kept; null before the first.</summary>
    public double? BestScore { get; init; }

    /// <summary>The epoch that reached it.</summary>
    public int BestEpoch { get; init; }

    /// <summary>The epoch after which the run had ended before it was prolonged, as of this checkpoint; 0 where it was not
    /// prolonged.</summary>
    public int ProlongedFrom { get; init; }

    /// <summary>Sum of the losses of the epoch's batches so far.</summary>
    public double LossSum { get; init; }

    /// <summary>Sums of each task's losses of the epoch's batches so far.</summary>
    public IReadOnlyList<double> TaskLossSums { get; init; } = [];

    /// <summary>Length of <c>metrics.jsonl</c>, in bytes, when the checkpoint was written: what came later is repeated.</summary>
    public long MetricsLength { get; init; }

    /// <summary>SHA-256 of the table: resuming with another would not be resuming.</summary>
    public string TableHash { get; init; } = string.Empty;
}

/// <summary>A stage of training.</summary>
public enum TrainingStage
{
    /// <summary>The system's own pre-training, without labels.</summary>
    Pretraining,

    /// <summary>Training on the tasks.</summary>
    Training,

    /// <summary>All epochs are done, or training stopped early.</summary>
    Finished,
}
