// The training loop: stages, epochs, batches; checkpoints, validation, best weights.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>
/// Trains a model in a run folder. The order of products, augmentations and dropped inputs depends on seed and epoch alone and the
/// generator's state is part of every checkpoint, so a run that was killed and resumed ends with the same bits as one that was not.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly ProductModel _model;
    private readonly MultiTaskLoss _loss;
    private readonly ProductLoader _train;
    private readonly ProductLoader? _validation;
    private readonly TrainingOptions _options;
    private readonly RunFolder _folder;
    private readonly ITrainingProgress _progress;
    private readonly RunCheckpoints _checkpoints;
    private readonly TrainingSnapshot _snapshot;
    private readonly MetricsLog _metrics;
    private readonly BatchBuilder _builder;
    private readonly SequenceCache? _cache;
    private readonly Device _device;
    private readonly InputDropout _dropout;
    private readonly EpochThreads _threads;
    private readonly TimeProvider _time;
    private readonly int _prolongedFrom;
    private TrainingState _state;
    private long _begun;
    private TimeSpan _lastCheckpoint;

    /// <summary>Creates a trainer at the start of a run.</summary>
    /// <param name="model">The model with its starting weights, on the device of the recipe.</param>
    /// <param name="train">The training split's batches.</param>
    /// <param name="validation">The validation split's batches; null keeps the last weights instead of the best.</param>
    /// <param name="options">The recipe.</param>
    /// <param name="folder">Where checkpoints, metrics and the best weights go.</param>
    /// <param name="tableHash">SHA-256 of the table.</param>
    /// <param name="progress">Receives every step.</param>
    /// <param name="time">The clock that says when a checkpoint is due.</param>
    /// <param name="prolongedFrom">The epoch after which the run had ended before it was prolonged; 0 where it was not.</param>
    public Trainer(
        ProductModel model,
        ProductLoader train,
        ProductLoader? validation,
        TrainingOptions options,
        RunFolder folder,
        string tableHash,
        ITrainingProgress progress,
        TimeProvider time,
        int prolongedFrom = 0
    )
        : this(model, train, validation, options, folder, tableHash, progress, time, prolongedFrom, cache: null) { }

    /// <summary>Creates a trainer of what comes after frozen towers.</summary>
    internal Trainer(
        ProductModel model,
        ProductLoader train,
        ProductLoader? validation,
        TrainingOptions options,
        RunFolder folder,
        string tableHash,
        ITrainingProgress progress,
        TimeProvider time,
        int prolongedFrom,
        SequenceCache? cache
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(time);
        (_model, _options, _folder, _progress, _time, _cache) = (model, options, folder, progress, time, cache);
        (_train, _validation) = cache is null ? (train, validation) : (train.WithoutPixels(), validation?.WithoutPixels());
        _prolongedFrom = prolongedFrom;
        _device = DeviceName.Parse(options.Device);
        _loss = new MultiTaskLoss(model.Context.Tasks, options.LossBalancing, options.LabelSmoothing);
        _loss.To(_device);
        _snapshot = new TrainingSnapshot(model, _loss);
        _metrics = new MetricsLog(folder.MetricsFile);
        _checkpoints = new RunCheckpoints(folder, _metrics, options, train.BatchesPerEpoch, prolongedFrom, progress);
        _builder = new BatchBuilder(model.Options, _device, cache);
        _dropout = new InputDropout(options, model.Options.Modalities);
        _threads = new EpochThreads(options, progress, time);
        _state = new TrainingState
        {
            Stage = options.PretrainEpochs > 0 ? TrainingStage.Pretraining : TrainingStage.Training,
            TaskLossSums = new double[model.Context.Tasks.Count],
            TableHash = tableHash,
            ProlongedFrom = prolongedFrom,
        };
    }

    /// <summary>Trains to the end, from the newest checkpoint where there is one.</summary>
    /// <returns>How it ended; an interrupted run was saved.</returns>
    /// <exception cref="TrainingException">The loss is not finite, or the checkpoint belongs to another table or configuration.</exception>
    /// <exception cref="IOException">A checkpoint could not be written; the one before is intact.</exception>
    public TrainingResult Run(CancellationToken cancellation = default)
    {
        _begun = _time.GetTimestamp();
        var resumed = Resume();
        var finished = _state.Stage == TrainingStage.Finished;
        if (!finished)
        {
            // After a checkpoint was read, which has the towers' weights.
            _cache?.Fill(_model, _options.Precision, _progress, cancellation);
        }

        while (_state.Stage != TrainingStage.Finished)
        {
            using var stage = resumed ?? NewStage();
            resumed = null;
            if (!Run(stage, cancellation))
            {
                return Result(finished: false);
            }
        }

        if (!finished)
        {
            TellLaggingTasks();
        }

        return Result(finished: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loss.Dispose();
        _builder.Dispose();
    }

    private TimeSpan Elapsed => _time.GetElapsedTime(_begun);

    private bool Run(StageLoop stage, CancellationToken cancellation)
    {
        _model.train();
        var meter = new ThroughputMeter();
        while (_state.Epoch < stage.Epochs && !IsOutOfPatience(stage))
        {
            var started = Elapsed;
            if (stage.Stage == TrainingStage.Training)
            {
                _model.BeginEpoch(_state.Epoch);
            }

            if (!RunEpoch(stage, meter, cancellation))
            {
                return false;
            }

            FinishEpoch(stage, meter, Elapsed - started);
        }

        var next = stage.Stage == TrainingStage.Pretraining ? TrainingStage.Training : TrainingStage.Finished;
        _state = _state with { Stage = next, Epoch = 0, Batch = 0, Step = 0, AverageSteps = 0 };
        if (next == TrainingStage.Finished)
        {
            Save(null);
        }

        return true;
    }

    private bool RunEpoch(StageLoop stage, ThroughputMeter meter, CancellationToken cancellation)
    {
        _threads.Begin(_state.Epoch + 1);

        // Stages count on, so that the second does not repeat the first one's order and views.
        var epoch = stage.Stage == TrainingStage.Training ? _options.PretrainEpochs + _state.Epoch : _state.Epoch;
        foreach (var host in _train.Batches(epoch, _state.Batch, CancellationToken.None))
        {
            using (host)
            {
                if (stage.Stage == TrainingStage.Training)
                {
                    _dropout.Apply(host, epoch);
                }

                meter.Begin();
                var (loss, tasks) = stage.Accumulate(_builder, host, _state.Batch);
                _state = _state with
                {
                    Batch = _state.Batch + 1,
                    LossSum = _state.LossSum + loss,
                    TaskLossSums = tasks.Length == 0 ? _state.TaskLossSums : [.. _state.TaskLossSums.Zip(tasks, (sum, task) => sum + task)],
                };
                if (_state.Batch % _options.AccumulationSteps != 0 && _state.Batch != stage.BatchesPerEpoch)
                {
                    meter.End(host.Count);
                    continue;
                }

                var rate = stage.Step();
                meter.End(host.Count);
                Report(stage, meter, loss, rate);
            }

            if (cancellation.IsCancellationRequested)
            {
                Save(stage);
                return false;
            }

            if ((Elapsed - _lastCheckpoint).TotalMinutes >= _options.CheckpointMinutes)
            {
                Save(stage);
            }
        }

        return true;
    }

    private void FinishEpoch(StageLoop stage, ThroughputMeter meter, TimeSpan elapsed)
    {
        var started = Elapsed;
        var (score, isKept) = stage.Stage == TrainingStage.Training ? Validate(stage) : (ValidationScore.None, false);
        var batches = Math.Max(1, _state.Batch);
        var tasks = _model.Context.Tasks;
        var report = new EpochReport
        {
            Stage = stage.Stage,
            Epoch = _state.Epoch + 1,
            Epochs = stage.Epochs,
            Step = stage.Steps,
            Loss = _state.LossSum / batches,
            TaskLosses =
                stage.Stage == TrainingStage.Training
                    ? tasks
                        .Zip(_state.TaskLossSums)
                        .ToDictionary(pair => pair.First.Name, pair => pair.Second / batches, StringComparer.Ordinal)
                    : [],
            Score = score.Mean,
            Scores = score.Tasks,
            IsBest = isKept,
            Threads = _threads.Current,
            SamplesPerSecond = meter.SamplesPerSecond,
            Seconds = (elapsed + Elapsed - started).TotalSeconds,
        };
        var length = _metrics.Append(report);
        _progress.Epoch(report);
        _state = _state with
        {
            Epoch = _state.Epoch + 1,
            Batch = 0,
            LossSum = 0,
            TaskLossSums = new double[tasks.Count],
            MetricsLength = length,
        };
        Save(stage);
    }

    // Asked before every epoch and of the state alone, so that a run killed after its last epoch's checkpoint stops where it would have.
    private bool IsOutOfPatience(StageLoop stage) =>
        _options.Patience > 0
        && stage.Stage == TrainingStage.Training
        && _validation is not null
        && _state.Epoch > _prolongedFrom
        && _state.Epoch - Math.Max(_state.BestEpoch, _prolongedFrom) >= _options.Patience;

    // The averaged weights are what is scored and kept.
    private (ValidationScore Score, bool IsKept) Validate(StageLoop stage)
    {
        stage.Average?.Swap();
        var score = _validation is null
            ? ValidationScore.None
            : ValidationScore.Of(_model, new ForwardPass(_model, _builder, _options.Precision), _validation.Batches(0));
        var isKept = score.Replaces(_state.BestScore, last: _state.Epoch + 1 == stage.Epochs, _options.BestTolerance);
        if (isKept)
        {
            KeptWeights.Save(_model, _folder, score, _state, _progress);
            _state = _state with { BestScore = score.Mean, BestEpoch = _state.Epoch + 1 };
        }

        stage.Average?.Swap();
        return (score, isKept);
    }

    private void TellLaggingTasks()
    {
        foreach (
            var note in _validation is null
                ? []
                : LaggingTasks.Of(_metrics.Read(), _state.BestEpoch, _model.Context.Tasks, _validation.Dataset)
        )
        {
            _progress.Note(note);
        }
    }

    private StageLoop NewStage() => new(_state.Stage, _model, _loss, _options, _train.BatchesPerEpoch, _prolongedFrom);

    // The newest checkpoint's stage, restored; null at the start of a run or of a stage.
    private StageLoop? Resume()
    {
        using var scope = NewDisposeScope();
        if (_checkpoints.Find(_state.TableHash) is not { } saved)
        {
            return null;
        }

        _snapshot.Restore(saved.Tensors);
        _state = saved.State;
        if (_state.Stage == TrainingStage.Finished)
        {
            return null;
        }

        var stage = NewStage();
        stage.Restore(saved.Tensors, saved.State);
        return stage;
    }

    private void Save(StageLoop? stage)
    {
        using var scope = NewDisposeScope();
        _state = _state with { Step = stage?.Steps ?? 0, AverageSteps = stage?.Average?.Steps ?? 0 };
        _checkpoints.Save(_snapshot.Take(stage), _state);
        _lastCheckpoint = Elapsed;
    }

    private void Report(StageLoop stage, ThroughputMeter meter, double loss, double rate) =>
        _progress.Step(
            new StepReport(
                stage.Stage,
                _state.Epoch + 1,
                stage.Epochs,
                stage.Steps,
                stage.TotalSteps,
                loss,
                rate,
                meter.SamplesPerSecond,
                meter.TimeFor((stage.TotalSteps - stage.Steps) * _options.AccumulationSteps)
            )
        );

    private TrainingResult Result(bool finished) =>
        new(finished, _state.BestScore, _state.BestEpoch, _model.ParameterCount(), _train.Dataset.QuarantinedEntries, Elapsed)
        {
            ValidationRows = _validation?.Dataset.Count ?? 0,
        };
}
