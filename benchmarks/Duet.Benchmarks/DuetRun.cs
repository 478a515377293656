// Duet's side of the comparison: the same steps as the peer's script.
using Duet.Data;
using Duet.Models;
using Duet.Torch;
using Duet.Torch.Optimisers;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Benchmarks;

/// <summary>Trains or runs CMA-CLIP on one fixed random batch.</summary>
internal sealed class DuetRun : IDisposable
{
    private readonly CmaClip _model;
    private readonly Batch _batch;
    private readonly MultiTaskLoss _loss;
    private readonly AdamW _optimiser;
    private readonly Tensor[] _parameters;
    private readonly DisposeScope _scope = NewDisposeScope();

    public DuetRun(CmaClipOptions network, IReadOnlyList<int> classes, int vocabulary, BenchmarkOptions options)
    {
        TorchRuntime.Seed(1);
        var tasks = classes
            .Select(
                (count, i) =>
                    new TaskDefinition($"t{i}", $"t{i}", TaskKind.SingleLabel, [.. Enumerable.Range(0, count).Select(c => $"{c}")])
            )
            .ToList();
        _model = new CmaClip(network, new ModelContext(tasks, vocabulary, 0, vocabulary - 1, -1));
        var random = new Random(1);
        long[] Draw(int count, int below) => [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(below))];
        _batch = new Batch(
            Tensors.Normal([options.Batch, 3, network.ImageSize, network.ImageSize]),
            Tensors.From(Draw(options.Batch * options.Length, vocabulary), options.Batch, options.Length),
            ones([options.Batch, options.Length], dtype: ScalarType.Bool),
            ones([options.Batch], dtype: ScalarType.Bool),
            ones([options.Batch], dtype: ScalarType.Bool)
        )
        {
            Labels = [.. classes.Select(count => Tensors.From(Draw(options.Batch, count), options.Batch))],
        };
        _loss = new MultiTaskLoss(tasks, LossBalancing.Equal, 0.05);
        var groups = ParameterGroups.Of(_model, _loss, new TrainingOptions());
        _parameters = [.. groups.SelectMany(group => group.Parameters).Select(parameter => parameter.Value)];
        _optimiser = new AdamW(groups);
    }

    public long Parameters => _model.ParameterCount() - _model.Contrastive.ParameterCount();

    /// <summary>Samples per second.</summary>
    public double Time(bool training, Precision precision, double seconds)
    {
        _model.train(training);
        return Rate.Of(training ? () => Train(precision) : () => Infer(precision), _batch.Size, seconds);
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _loss.Dispose();
        _model.Dispose();
        _scope.Dispose();
    }

    private void Train(Precision precision)
    {
        using var scope = NewDisposeScope();
        Tensor total;
        using (new Autocast(CPU, enabled: precision == Precision.Bf16))
        {
            (total, _) = _loss.Forward(_model.Forward(_batch), _batch.Labels);
        }

        total.backward();
        _optimiser.Step(1e-3, GradientNorm.ClipFactor(GradientNorm.Of(_parameters), 1));
        _model.zero_grad();
    }

    private void Infer(Precision precision)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var autocast = new Autocast(CPU, enabled: precision == Precision.Bf16);
        _model.Forward(_batch);
    }
}
