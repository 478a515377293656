// What is certified for products with the same inputs.
using Duet.Metrics.Novelty;

namespace Duet.Metrics.Calibration;

/// <summary>The corrections, thresholds and the novelty limit for one input pattern.</summary>
public sealed record Certificate
{
    /// <summary>Whether the products have a picture that the model sees.</summary>
    public required bool Picture { get; init; }

    /// <summary>Whether the products have a text that the model sees.</summary>
    public required bool Text { get; init; }

    /// <summary>The features whose values are known.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Rows it was made with.</summary>
    public required int Rows { get; init; }

    /// <summary>How many of them have further inputs that were hidden from the model.</summary>
    public int Hidden { get; init; }

    /// <summary>Which products it covers, as far as their kind goes.</summary>
    public required NoveltyLimit Novelty { get; init; }

    /// <summary>The tasks, in the order of the run.</summary>
    public required IReadOnlyList<TaskCalibration> Tasks { get; init; }

    /// <summary>The inputs of the products it holds for.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public InputPattern Pattern => new(Picture, Text, Features);

    /// <summary>The calibration of a task.</summary>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    public TaskCalibration this[string task] =>
        Tasks.FirstOrDefault(own => string.Equals(own.Task, task, StringComparison.Ordinal))
        ?? throw new KeyNotFoundException(
            $"The calibration has no task '{task}'; it has {string.Join(", ", Tasks.Select(own => own.Task))}."
        );
}
