// The instruments of one model.
using System.Diagnostics;
using Duet.Inference;
using Duet.Server.Batching;

namespace Duet.Server.Telemetry;

/// <summary>Counts and measures what a model does.</summary>
internal sealed class ModelMetrics(ServerMetrics metrics, string model) : IBatchObserver
{
    private Func<int> _queueLength = static () => 0;

    /// <summary>The model's name as a tag.</summary>
    public KeyValuePair<string, object?> Tag { get; } = new("model", model);

    /// <summary>Products that wait now.</summary>
    public int QueueLength => Volatile.Read(ref _queueLength)();

    /// <summary>Tells where the length of the queue can be read.</summary>
    public void Watch(Func<int> queueLength) => Volatile.Write(ref _queueLength, queueLength);

    /// <inheritdoc/>
    public void Waited(TimeSpan time) => metrics.StageTime.Record(time.TotalSeconds, Tag, new("stage", "wait"));

    /// <inheritdoc/>
    public void Ran(int items, TimeSpan time)
    {
        metrics.BatchSize.Record(items, Tag);
        metrics.StageTime.Record(time.TotalSeconds, Tag, new("stage", "forward"));
    }

    /// <summary>Measures a stage and traces it, until it is disposed of.</summary>
    public StageTimer Stage(string name) => new(metrics, Tag, name);

    /// <summary>A product has a fault.</summary>
    public void Failed(string field) => metrics.Products.Add(1, Tag, new("outcome", field));

    /// <summary>A new model was tried.</summary>
    public void Reloaded(string outcome) => metrics.Reloads.Add(1, Tag, new("outcome", outcome));

    /// <summary>A product was answered.</summary>
    public void Answered(Classification answers)
    {
        metrics.Products.Add(1, Tag, new("outcome", "answered"));
        if (answers.Novelty is { } novelty)
        {
            metrics.Scored.Add(1, Tag);
            metrics.Novel.Add(novelty.IsOutside ? 1 : 0, Tag);
        }

        foreach (var answer in answers.Tasks)
        {
            // The reasons of the enumeration: their words have thresholds in them, which would be a series each.
            var tags = new TagList
            {
                Tag,
                { "task", answer.Task },
                {
                    "decision",
                    answer.Decision is not { } decision ? "none"
                    : decision.Accepted ? "accepted"
                    : "review"
                },
                { "reason", answer.Decision?.Review?.ToString() ?? "none" },
            };
            metrics.Decisions.Add(1, tags);
        }
    }
}
