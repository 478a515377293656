// What a model says about one product.
using Duet.Metrics.Novelty;

namespace Duet.Inference;

/// <summary>The answers to all tasks, in the model's order.</summary>
/// <param name="Tasks">One answer per task.</param>
public sealed record Classification(IReadOnlyList<TaskAnswer> Tasks)
{
    /// <summary>Whether the text was longer than the model's context and its end was not read.</summary>
    public bool TextTruncated { get; init; }

    /// <summary>Which inputs the model saw, <c>text alone</c> for instance; null where the run is not calibrated.</summary>
    public string? Inputs { get; init; }

    /// <summary>How unlike the catalogue the product is; null where the run is not calibrated, or not for these inputs.</summary>
    public NoveltyScore? Novelty { get; init; }

    /// <summary>The answer to a task.</summary>
    /// <param name="task">The task's name.</param>
    /// <exception cref="KeyNotFoundException">The model has no such task; the message lists those it has.</exception>
    public TaskAnswer this[string task] =>
        Tasks.FirstOrDefault(answer => string.Equals(answer.Task, task, StringComparison.Ordinal))
        ?? throw new KeyNotFoundException(
            $"The model has no task '{task}'; it has {string.Join(", ", Tasks.Select(answer => answer.Task))}."
        );
}
