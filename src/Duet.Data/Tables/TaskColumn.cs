// How a table states one task's labels.
namespace Duet.Data;

/// <summary>A column that holds a task's labels.</summary>
/// <param name="Name">The task's name; it names heads, metrics and prediction columns.</param>
/// <param name="Column">The table column.</param>
/// <param name="Kind">One label per product, or several.</param>
/// <param name="Separator">The separator of labels in a multi-label cell.</param>
public sealed record TaskColumn(string Name, string Column, TaskKind Kind = TaskKind.SingleLabel, string Separator = "|")
{
    /// <summary>A single-label task of the column's own name.</summary>
    public static TaskColumn Single(string column) => new(column, column);

    /// <summary>A multi-label task of the column's own name.</summary>
    public static TaskColumn Multi(string column, string separator = "|") => new(column, column, TaskKind.MultiLabel, separator);
}
