// One epoch as reported and as written to metrics.jsonl.
namespace Duet.Training;

/// <summary>What is known after an epoch: a line of <c>metrics.jsonl</c>.</summary>
public sealed record EpochReport
{
    /// <summary>The stage.</summary>
    public required TrainingStage Stage { get; init; }

    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The stage's epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps made in the stage.</summary>
    public required long Step { get; init; }

    /// <summary>Mean training loss.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean training loss per task; empty while pre-training.</summary>
    public IReadOnlyDictionary<string, double> TaskLosses { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The mean of <see cref="Scores"/>; null without a validation split.</summary>
    public double? Score { get; init; }

    /// <summary>Accuracy (single-label) or micro F1 (multi-label) per task on the validation split.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Whether this epoch's weights are the best so far, or the last and as good (<see cref="TrainingOptions.BestTolerance"/>),
    /// and were kept.</summary>
    public bool IsBest { get; init; }

    /// <summary>Threads that computed it; 0 in the line of an earlier Duet.</summary>
    public int Threads { get; init; }

    /// <summary>Products trained per second.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Seconds the epoch took, validation included.</summary>
    public required double Seconds { get; init; }
}
