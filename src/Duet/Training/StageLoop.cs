// One stage of a run: its optimiser, its schedule, its average of weights, and one step of each.
using System.Globalization;
using Duet.Data;
using Duet.Models;
using Duet.Torch;
using Duet.Torch.Optimisers;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>The optimiser's side of a stage; the trainer decides when to step, save and validate.</summary>
internal sealed class StageLoop : IDisposable
{
    private readonly ProductModel _model;
    private readonly MultiTaskLoss _loss;
    private readonly TrainingOptions _options;
    private readonly Device _device;
    private readonly AdamW _optimiser;
    private readonly Tensor[] _parameters;

    internal StageLoop(
        TrainingStage stage,
        ProductModel model,
        MultiTaskLoss loss,
        TrainingOptions options,
        int batchesPerEpoch,
        int prolongedFrom
    )
    {
        (Stage, _model, _loss, _options) = (stage, model, loss, options);
        _device = DeviceName.Parse(options.Device);
        Epochs = stage == TrainingStage.Pretraining ? options.PretrainEpochs : options.Epochs;
        StepsPerEpoch = (batchesPerEpoch + options.AccumulationSteps - 1) / options.AccumulationSteps;
        BatchesPerEpoch = batchesPerEpoch;
        var peak = stage == TrainingStage.Pretraining ? options.PretrainLearningRate : options.LearningRate;

        // A run that was prolonged warms up again and anneals over the epochs that were added.
        ScheduledFrom = stage == TrainingStage.Training ? (long)prolongedFrom * StepsPerEpoch : 0;
        Schedule = new LearningRateSchedule(peak, TotalSteps - ScheduledFrom, options.WarmupFraction, options.FinalLearningRateFraction);

        // Pre-training is the towers' own: its learning rate is theirs, and freezing them is for the stage after it.
        var groups = ParameterGroups.Of(
            model,
            loss,
            stage == TrainingStage.Pretraining ? options with { BackboneLearningRateScale = 1 } : options
        );
        foreach (var group in groups)
        {
            // What is frozen needs no gradients, and neither does what comes before it.
            foreach (var (_, parameter) in group.Parameters)
            {
                parameter.requires_grad_(group.LearningRateScale > 0);
            }
        }

        _optimiser = new AdamW(groups, new AdamWOptions { Beta1 = options.Beta1, Beta2 = options.Beta2 });
        _parameters = [.. groups.SelectMany(group => group.Parameters).Select(parameter => parameter.Value)];
        Average =
            options.EmaDecay > 0 && stage == TrainingStage.Training
                ? new ExponentialMovingAverage(Averaged(model), options.EmaDecay)
                : null;
    }

    internal TrainingStage Stage { get; }

    internal int Epochs { get; }

    internal int StepsPerEpoch { get; }

    internal int BatchesPerEpoch { get; }

    internal long TotalSteps => (long)Epochs * StepsPerEpoch;

    internal LearningRateSchedule Schedule { get; }

    /// <summary>The step at which the schedule begins.</summary>
    internal long ScheduledFrom { get; }

    internal ExponentialMovingAverage? Average { get; }

    internal long Steps => _optimiser.Steps;

    /// <summary>Adds a batch's gradients to those there are.</summary>
    /// <param name="builder">Builds the batch's tensors.</param>
    /// <param name="host">The batch.</param>
    /// <param name="number">Its number in the epoch, from 0.</param>
    /// <returns>The batch's loss, and each task's.</returns>
    internal (double Loss, float[] Tasks) Accumulate(BatchBuilder builder, ProductBatch host, int number)
    {
        using var scope = NewDisposeScope();
        var batch = builder.Build(host);
        Tensor total;
        float[] tasks = [];
        using (new Autocast(_device, enabled: _options.Precision == Precision.Bf16))
        {
            if (Stage == TrainingStage.Pretraining)
            {
                total = _model.PretrainingLoss(batch);
            }
            else
            {
                var (sum, each) = _loss.Forward(_model.Forward(batch), batch.Labels);
                total = sum;
                tasks = each.ToArray();
            }
        }

        var loss = total.ToNumber();
        if (!double.IsFinite(loss))
        {
            throw new TrainingException(Describe(loss, tasks));
        }

        var batches = BatchesOfStep(number);
        (batches == 1 ? total : total.Times(1.0 / batches)).backward();
        return (loss, tasks);
    }

    // The last step of an epoch may have fewer batches than the others.
    private int BatchesOfStep(int batch) =>
        Math.Min(_options.AccumulationSteps, BatchesPerEpoch - (batch / _options.AccumulationSteps * _options.AccumulationSteps));

    /// <summary>Takes the step that the accumulated gradients ask for.</summary>
    /// <returns>The learning rate.</returns>
    internal double Step()
    {
        var rate = Schedule.At(_optimiser.Steps - ScheduledFrom);
        var norm = GradientNorm.Of(_parameters);
        if (!double.IsFinite(norm))
        {
            throw new TrainingException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The gradients of step {_optimiser.Steps + 1} are not finite ({norm}) though the loss was. Lower --learning-rate "
                        + $"(now {rate:g3}), or train with --precision fp32."
                )
            );
        }

        _optimiser.Step(rate, _options.ClipNorm > 0 ? GradientNorm.ClipFactor(norm, _options.ClipNorm) : 1);
        _model.zero_grad();
        _loss.zero_grad();
        Average?.Update();
        return rate;
    }

    internal IEnumerable<KeyValuePair<string, Tensor>> NamedState()
    {
        foreach (var (name, tensor) in _optimiser.NamedState())
        {
            yield return new($"optimizer.{name}", tensor);
        }

        foreach (var (name, tensor) in Average?.NamedState() ?? [])
        {
            yield return new($"average.{name}", tensor);
        }
    }

    internal void Restore(IReadOnlyDictionary<string, Tensor> tensors, TrainingState state)
    {
        using var recording = no_grad();
        foreach (var (name, tensor) in NamedState())
        {
            tensor.copy_(
                tensors.TryGetValue(name, out var saved)
                    ? saved
                    : throw new TrainingException($"The checkpoint has no tensor '{name}'; it belongs to another configuration.")
            );
        }

        _optimiser.RestoreSteps(state.Step);
        Average?.RestoreSteps(state.AverageSteps);
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        Average?.Dispose();
    }

    // Batch norms' running statistics are averaged with the weights: statistics of other weights would undo the averaging.
    private static IEnumerable<KeyValuePair<string, Tensor>> Averaged(ProductModel model) =>
        model.NamedParameters().Concat(model.NamedBuffers().Where(buffer => buffer.Value.dtype == ScalarType.Float32));

    private string Describe(double loss, float[] tasks)
    {
        var guilty = _model
            .Context.Tasks.Where((_, task) => task < tasks.Length && !float.IsFinite(tasks[task]))
            .Select(task => task.Name)
            .ToList();
        var where = guilty.Count > 0 ? $" in task {string.Join(", ", guilty)}" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The loss of step {_optimiser.Steps + 1} is {loss}{where}. The last checkpoint is intact. Lower --learning-rate (now "
                + $"{Schedule.At(_optimiser.Steps - ScheduledFrom):g3}), raise the warm-up, or train with --precision fp32."
        );
    }
}
