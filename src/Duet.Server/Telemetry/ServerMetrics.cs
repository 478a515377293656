// What the service counts and measures.
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Duet.Server.Telemetry;

/// <summary>The instruments of the service. Labels of classes and products are never among their tags: those could be any number.</summary>
internal sealed class ServerMetrics : IDisposable
{
    /// <summary>The name of meter and traces.</summary>
    public const string Name = "Duet.Server";

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _meter;
    private readonly List<ModelMetrics> _models = [];
    private readonly Lock _gate = new();

    public ServerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        Products = _meter.CreateCounter<long>("duet.products", "{product}", "Products by outcome: answered, or the field that was wrong.");
        Decisions = _meter.CreateCounter<long>("duet.decisions", "{answer}", "Answers by task, decision and reason for review.");
        Scored = _meter.CreateCounter<long>("duet.novelty.scored", "{product}", "Products whose novelty is known.");
        Novel = _meter.CreateCounter<long>("duet.novelty.outside", "{product}", "Products that are unlike the catalog.");
        Reloads = _meter.CreateCounter<long>("duet.model.reloads", "{reload}", "New models by outcome: done or failed.");
        BatchSize = _meter.CreateHistogram(
            "duet.batch.size",
            "{product}",
            "Products of a forward pass.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] }
        );
        StageTime = _meter.CreateHistogram(
            "duet.stage.duration",
            "s",
            "Time by stage: decode and wait of a product, forward of a batch.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds }
        );
        _meter.CreateObservableGauge("duet.queue.length", Lengths, "{product}", "Products that wait for a forward pass.");
    }

    public Counter<long> Products { get; }

    public Counter<long> Decisions { get; }

    public Counter<long> Scored { get; }

    public Counter<long> Novel { get; }

    public Counter<long> Reloads { get; }

    public Histogram<long> BatchSize { get; }

    public Histogram<double> StageTime { get; }

    /// <summary>The spans of the stages.</summary>
    public ActivitySource Traces { get; } = new(Name);

    /// <summary>The instruments with a model's name.</summary>
    public ModelMetrics Of(string model)
    {
        var metrics = new ModelMetrics(this, model);
        lock (_gate)
        {
            _models.Add(metrics);
        }

        return metrics;
    }

    public void Dispose()
    {
        Traces.Dispose();
        _meter.Dispose();
    }

    private List<Measurement<int>> Lengths()
    {
        lock (_gate)
        {
            return [.. _models.Select(model => new Measurement<int>(model.QueueLength, model.Tag))];
        }
    }
}
