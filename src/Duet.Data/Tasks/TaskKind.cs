// The kinds of classification tasks.
namespace Duet.Data;

/// <summary>What a task asks for.</summary>
public enum TaskKind
{
    /// <summary>Exactly one class per product: softmax and cross-entropy.</summary>
    SingleLabel,

    /// <summary>Any number of classes per product: one sigmoid per class.</summary>
    MultiLabel,
}
