// Scores a model on a split while it trains.
using Duet.Data;
using Duet.Metrics;
using Duet.Models;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>Runs a model over a split and gives every task's probabilities beside its labels.</summary>
public sealed class ValidationRunner
{
    private readonly ProductModel _model;
    private readonly BatchBuilder _builder;
    private readonly IReadOnlyList<TaskDefinition> _tasks;
    private readonly Precision _precision;

    /// <summary>Creates a runner.</summary>
    public ValidationRunner(ProductModel model, BatchBuilder builder, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _builder, _tasks, _precision) = (model, builder, model.Context.Tasks, precision);
    }

    /// <summary>Predictions for every batch, in order.</summary>
    public IReadOnlyList<TaskPredictions> Run(IEnumerable<HostBatch> batches, Device device)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var probabilities = _tasks.Select(_ => new List<float>()).ToArray();
        var labels = _tasks.Select(_ => new List<int>()).ToArray();
        var training = _model.training;
        _model.eval();
        foreach (var host in batches)
        {
            using (host)
            {
                var found = TextChunks.Pool(host, part => Probabilities(part, device), arrays => arrays);
                for (var task = 0; task < _tasks.Count; task++)
                {
                    var single = _tasks[task].Kind == TaskKind.SingleLabel;
                    probabilities[task].AddRange(found[task]);
                    labels[task].AddRange(single ? host.Labels[task].Classes.Select(label => (int)label) : Targets(host.Labels[task]));
                }
            }
        }

        _model.train(training);
        return
        [
            .. _tasks.Select(
                (task, i) =>
                    task.Kind == TaskKind.SingleLabel
                        ? TaskPredictions.SingleLabel(task.Name, task.Classes, [.. probabilities[i]], [.. labels[i]])
                        : TaskPredictions.MultiHot(task.Name, task.Classes, [.. probabilities[i]], [.. labels[i]])
            ),
        ];
    }

    /// <summary>Accuracy of a single-label task, micro F1 of a multi-label one; null where no row has a label.</summary>
    public static double? Score(TaskPredictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var metrics = TaskEvaluator.Evaluate(predictions, new EvaluationOptions { Resamples = 0 });
        return predictions.MultiLabel ? metrics.MicroF1 : metrics.Accuracy;
    }

    private float[][] Probabilities(HostBatch host, Device device)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var autocast = new Autocast(device, enabled: _precision == Precision.Bf16);
        var output = _model.Forward(_builder.Build(host));
        return
        [
            .. _tasks.Select(
                (task, i) => (task.Kind == TaskKind.SingleLabel ? output.Logits[i].softmax(-1) : output.Logits[i].sigmoid()).ToArray()
            ),
        ];
    }

    private static IEnumerable<int> Targets(TaskLabels labels)
    {
        var classes = labels.Present.Length == 0 ? 0 : labels.MultiHot.Length / labels.Present.Length;
        return labels.MultiHot.Select((value, i) => labels.Present[i / classes] ? (int)value : TaskPredictions.Missing);
    }
}
