// The state of a run: saved after every epoch and now and then, found again when it continues.
using System.Globalization;
using Duet.Runs;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>The checkpoints of one run, numbered by its steps; the log of metrics is cut to the checkpoint that is taken up.</summary>
internal sealed class RunCheckpoints
{
    private readonly RunFolder _folder;
    private readonly MetricsLog _metrics;
    private readonly TrainingOptions _options;
    private readonly int _batchesPerEpoch;
    private readonly int _prolongedFrom;
    private readonly ITrainingProgress _progress;
    private readonly CheckpointStore _store;

    /// <summary>Opens the checkpoints of a run.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="metrics">Its log of epochs.</param>
    /// <param name="options">The recipe.</param>
    /// <param name="batchesPerEpoch">Training batches of an epoch.</param>
    /// <param name="prolongedFrom">The epoch after which the run had ended before it was prolonged; 0 where it was not.</param>
    /// <param name="progress">Receives damaged checkpoints, and where the run continues.</param>
    public RunCheckpoints(
        RunFolder folder,
        MetricsLog metrics,
        TrainingOptions options,
        int batchesPerEpoch,
        int prolongedFrom,
        ITrainingProgress progress
    )
    {
        (_folder, _metrics, _options, _batchesPerEpoch, _prolongedFrom, _progress) = (
            folder,
            metrics,
            options,
            batchesPerEpoch,
            prolongedFrom,
            progress
        );
        _store = new CheckpointStore(folder.CheckpointFolder);
    }

    /// <summary>The newest whole checkpoint; null where the run begins with its first step. Its tensors belong to the caller's
    /// scope.</summary>
    /// <param name="tableHash">SHA-256 of the table, which must be the one that the run began with.</param>
    /// <exception cref="TrainingException">All checkpoints are damaged, or the table has changed.</exception>
    public (TrainingState State, Dictionary<string, Tensor> Tensors)? Find(string tableHash)
    {
        _store.RemoveUnfinished();
        if (_prolongedFrom > 0)
        {
            // The earlier end of the run is no longer its end; the checkpoint of its last epoch is beside it.
            _store.Remove(state => state.Stage == TrainingStage.Finished && state.ProlongedFrom != _prolongedFrom);
        }

        var damaged = new List<string>();
        var newest = _store.LoadNewest(damaged);
        damaged.ForEach(_progress.Note);
        if (newest is not { } saved)
        {
            if (damaged.Count > 0)
            {
                throw new TrainingException(
                    $"No checkpoint in {_folder.CheckpointFolder} is whole; {damaged[0]} Put back a copy of the folder, or delete it "
                        + $"to begin this run from its first step."
                );
            }

            _metrics.CutTo(0);
            return null;
        }

        if (!string.Equals(saved.State.TableHash, tableHash, StringComparison.Ordinal))
        {
            throw new TrainingException(
                "The table has changed since this run began. Resume with the table as it was, or start a new run with another --output."
            );
        }

        var state = saved.State with { ProlongedFrom = _prolongedFrom };
        _metrics.CutTo(state.MetricsLength);
        Tell(state);
        return (state, saved.Tensors);
    }

    /// <summary>Saves the state of the run.</summary>
    /// <param name="tensors">Everything a step depends on.</param>
    /// <param name="state">Everything else.</param>
    /// <exception cref="IOException">A checkpoint could not be written; the one before is intact.</exception>
    public void Save(IEnumerable<KeyValuePair<string, Tensor>> tensors, TrainingState state) => _store.Save(Number(state), tensors, state);

    private void Tell(TrainingState state)
    {
        if (state.Stage == TrainingStage.Finished)
        {
            _progress.Note(
                $"This run is finished already. To extend it: `duet train --output {_folder.Path} --resume --epochs "
                    + $"{2 * _options.Epochs}`, or any number above {_options.Epochs}."
            );
            return;
        }

        if (_prolongedFrom > 0)
        {
            _progress.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"This run had ended after epoch {_prolongedFrom} and was extended to {_options.Epochs}: from there the learning "
                        + $"rate warms up again and anneals to the new end."
                )
            );
        }

        _progress.Note(FormattableString.Invariant($"Resuming at {state.Stage} epoch {state.Epoch + 1}, batch {state.Batch + 1}."));
    }

    // Grows with every step of every stage.
    private long Number(TrainingState state)
    {
        var epochs = state.Stage switch
        {
            TrainingStage.Pretraining => state.Epoch,
            TrainingStage.Training => _options.PretrainEpochs + state.Epoch,
            _ => _options.PretrainEpochs + _options.Epochs + 1,
        };
        return ((long)epochs * (_batchesPerEpoch + 1)) + state.Batch;
    }
}
