// What to read from a table: the file, and which column means what.

namespace Duet.Data;

/// <summary>A table file and the meaning of its columns.</summary>
public sealed record TableOptions
{
    /// <summary>The table file. Picture paths are relative to the folder it lies in. Of other data sets: their folder or file.</summary>
    public required string Path { get; init; }

    /// <summary>What kind of data set it is; by looking at the path unless given.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>The file's format; by its extension unless given.</summary>
    public TableFormat Format { get; init; }

    /// <summary>The field delimiter of a delimited file: one ASCII character; by default a tab for <c>.tsv</c>, else a comma, or what the
    /// header holds in its stead: a semicolon, a tab or a bar.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The encoding of a table that is not UTF-8, by any name that .NET knows (<c>windows-1252</c>, <c>shift_jis</c>); null for
    /// UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>Pictures that count as an empty cell: the SHA-256 of their content in hexadecimal digits. Reading rows leaves them in;
    /// whoever decodes them refuses them.</summary>
    public IReadOnlyList<string> Placeholders { get; init; } = [];

    /// <summary>Columns with picture paths; may be empty.</summary>
    public IReadOnlyList<string> ImageColumns { get; init; } = [];

    /// <summary>Columns with text, joined in this order by <see cref="TextSeparator"/>; may be empty.</summary>
    public IReadOnlyList<string> TextColumns { get; init; } = [];

    /// <summary>The separator of the values of several text columns.</summary>
    public string TextSeparator { get; init; } = " ";

    /// <summary>The id column. Unless given, <c>id</c> where the table has such a column, else the row number.</summary>
    public string? IdColumn { get; init; }

    /// <summary>The tasks to read labels for.</summary>
    public IReadOnlyList<TaskColumn> Tasks { get; init; } = [];

    /// <summary>Whether a task whose column the table lacks is read as "all labels missing" (prediction) or refused (training).</summary>
    public bool TaskColumnsOptional { get; init; }

    /// <summary>Columns whose values are inputs of the model beside picture and text; see <see cref="Product.Features"/>.</summary>
    public IReadOnlyList<string> FeatureColumns { get; init; } = [];

    /// <summary>The column that says which split a row belongs to, or <c>null</c>.</summary>
    public string? SplitColumn { get; init; }

    /// <summary>A column whose equal values must never be in two splits (a product or seller id), or <c>null</c>.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Further columns whose values are wanted as they are; see <see cref="Product.Extras"/>.</summary>
    public IReadOnlyList<string> ExtraColumns { get; init; } = [];

    /// <summary>Folders that symbolic links in the table's own folder may lead to.</summary>
    public IReadOnlyList<string> ImageFolders { get; init; } = [];

    /// <summary>Size limits.</summary>
    public TableLimits Limits { get; init; } = new();

    /// <summary>Receives what was assumed about the file because no option says it; null if nobody listens.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Whether a character may be a <see cref="Delimiter"/>.</summary>
    public static bool CanDelimit(char delimiter) => char.IsAscii(delimiter) && delimiter is not ('"' or '\r' or '\n');

    /// <summary>Checks that the options make sense together.</summary>
    /// <exception cref="TableException">An option is empty, doubled or contradictory; the message says which.</exception>
    public void Validate()
    {
        Limits.Validate();
        if (string.IsNullOrWhiteSpace(Path))
        {
            throw new TableException("No table file is named; give the path of a .csv or .jsonl file.");
        }

        if (ImageColumns.Count == 0 && TextColumns.Count == 0)
        {
            throw new TableException("Neither an image column nor a text column is named; name at least one of them.");
        }

        if (Delimiter is { } delimiter && !CanDelimit(delimiter))
        {
            throw new TableException(
                $"The delimiter must be one ASCII character other than a quote or a line break, not U+{(int)delimiter:X4}."
            );
        }

        foreach (var column in ImageColumns.Concat(TextColumns).Concat(FeatureColumns).Concat(Tasks.Select(task => task.Column)))
        {
            if (string.IsNullOrWhiteSpace(column))
            {
                throw new TableException("A column name is empty; give the name as it is written in the table's header.");
            }
        }

        ValidateFeatures();
        ValidateTasks();
    }

    private void ValidateFeatures()
    {
        foreach (var column in FeatureColumns)
        {
            if (FeatureColumns.Count(other => string.Equals(other, column, StringComparison.Ordinal)) > 1)
            {
                throw new TableException($"The feature column '{column}' is given twice.");
            }

            if (Tasks.Any(task => string.Equals(task.Column, column, StringComparison.Ordinal)))
            {
                throw new TableException(
                    $"The column '{column}' holds labels of a task and cannot be a feature as well: the model would see the answer."
                );
            }
        }
    }

    private void ValidateTasks()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var task in Tasks)
        {
            if (string.IsNullOrWhiteSpace(task.Name) || !names.Add(task.Name))
            {
                throw new TableException($"The task name '{task.Name}' is empty or given twice; every task needs its own name.");
            }

            if (task.Kind == TaskKind.MultiLabel && string.IsNullOrEmpty(task.Separator))
            {
                throw new TableException($"The multi-label task '{task.Name}' has an empty separator; '|' is the usual one.");
            }
        }
    }
}

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
