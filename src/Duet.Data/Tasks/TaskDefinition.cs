// One classification task with its classes: what travels with a model.
using System.Text.Json.Serialization;

namespace Duet.Data;

/// <summary>A task and its classes.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Column">The table column with its labels.</param>
/// <param name="Kind">One label per product, or several.</param>
/// <param name="Classes">The class names, in ordinal order; a class's place is its index in logits.</param>
/// <param name="Separator">The separator of labels in a multi-label cell.</param>
public sealed record TaskDefinition(string Name, string Column, TaskKind Kind, IReadOnlyList<string> Classes, string Separator = "|")
{
    /// <summary>The path of every class in a taxonomy, in the order of the classes; null where the task has none.</summary>
    /// <exception cref="TableException">A path is not valid; the message names it.</exception>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Paths
    {
        get;
        init => (field, Tree) = (value, value is null ? null : new ClassTree(value));
    }

    /// <summary>The places of the classes in the taxonomy; null where the task has none.</summary>
    [JsonIgnore]
    public ClassTree? Tree { get; private init; }

    /// <summary>How to read this task's labels from a table.</summary>
    public TaskColumn ToColumn() => new(Name, Column, Kind, Separator);
}

/// <summary>What a task asks for.</summary>
public enum TaskKind
{
    /// <summary>Exactly one class per product: softmax and cross-entropy.</summary>
    SingleLabel,

    /// <summary>Any number of classes per product: one sigmoid per class.</summary>
    MultiLabel,
}
