// What is known about a run without running it.
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Models;
using Duet.Runs;
using Duet.Training;

namespace Duet.Inference;

/// <summary>What a model is, how it was trained and how good it is.</summary>
public sealed record RunSummary
{
    /// <summary>The run folder.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>The system: its name, title and source.</summary>
    public required ModelDescriptor System { get; init; }

    /// <summary>What was decided: the system's settings, the table and its columns, the recipe.</summary>
    public required RunConfiguration Configuration { get; init; }

    /// <summary>The tasks and their classes.</summary>
    public required TaskSchema Schema { get; init; }

    /// <summary>The tokenizer's kind, <c>clip-bpe</c> for instance.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>The number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Numbers in <c>model.safetensors</c>; null where no epoch has been finished.</summary>
    public long? Parameters { get; init; }

    /// <summary>Bytes of <c>model.safetensors</c>; null where no epoch has been finished.</summary>
    public long? WeightsBytes { get; init; }

    /// <summary>Corrections and thresholds; null where the run is not calibrated.</summary>
    public RunCalibration? Calibration { get; init; }

    /// <summary>Why a <c>calibration.json</c> that is there cannot be used; null where it can, or none is there.</summary>
    public string? CalibrationProblem { get; init; }

    /// <summary>Where an imported run's weights come from; null for a trained run.</summary>
    public ImportRecord? Import { get; init; }

    /// <summary>The finished epochs, pre-training first.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch whose weights were kept: the best by validation score, or the last where nothing validates. Null before the
    /// first.</summary>
    public EpochReport? Best { get; init; }

    /// <summary>Whether every epoch of the recipe is done, or the run was imported and has none; with early stopping a run may be complete
    /// before.</summary>
    public bool AllEpochsDone =>
        Configuration.IsImported || Epochs.Count(epoch => epoch.Stage == TrainingStage.Training) >= Configuration.Training.Epochs;

    /// <summary>How long the finished epochs took.</summary>
    public TimeSpan TrainingTime => TimeSpan.FromSeconds(Epochs.Sum(epoch => epoch.Seconds));
}
