// Which column of a table means what.
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Duet.Data;

/// <summary>The columns a product reader needs, and what each means, as indexes into a row's cells.</summary>
internal sealed class TableLayout
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _wanted = [];
    private readonly string _path;
    private readonly IReadOnlyList<string> _columns;
    private readonly IReadOnlyList<TaskColumn> _tasks;

    // Per task the index of its cell; null where the table lacks the column and that is allowed.
    private readonly int?[] _taskCells;

    public TableLayout(TableOptions options, string path, IReadOnlyList<string> columns)
    {
        (_path, _columns, _tasks) = (path, columns, options.Tasks);
        IdColumn = options.IdColumn ?? columns.FirstOrDefault(column => string.Equals(column, "id", StringComparison.Ordinal));
        Id = IdColumn is { } id ? Add(id, "the id column") : null;
        Images = [.. options.ImageColumns.Select(column => Add(column, "an image column"))];
        Texts = [.. options.TextColumns.Select(column => Add(column, "a text column"))];
        Split = options.SplitColumn is { } split ? Add(split, "the split column") : null;
        Group = options.GroupColumn is { } group ? Add(group, "the group column") : null;
        Extras = [.. options.ExtraColumns.Select(column => Add(column, "a column to slice by"))];
        Features = [.. options.FeatureColumns.Select(column => Add(column, "a feature column"))];
        _taskCells =
        [
            .. _tasks.Select(task =>
                options.TaskColumnsOptional && !columns.Contains(task.Column, StringComparer.Ordinal)
                    ? (int?)null
                    : Add(task.Column, $"the labels of task '{task.Name}'")
            ),
        ];
    }

    /// <summary>The columns to read, each once.</summary>
    public IReadOnlyList<string> Wanted => _wanted;

    public string? IdColumn { get; }

    public int? Id { get; }

    public int? Split { get; }

    public int? Group { get; }

    public IReadOnlyList<int> Images { get; }

    public IReadOnlyList<int> Texts { get; }

    public IReadOnlyList<int> Extras { get; }

    public IReadOnlyList<int> Features { get; }

    /// <summary>A row's raw label per task; <c>null</c> where it is missing.</summary>
    public string?[] Labels(TableRow row)
    {
        var labels = new string?[_taskCells.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var values = _taskCells[i] is { } index ? row.Cells[index] : [];
            var label = values.Length switch
            {
                0 => null,
                1 => values[0],
                _ when _tasks[i].Kind == TaskKind.MultiLabel => string.Join(_tasks[i].Separator, values),

                // A list where one label is expected stays one, so that it is recognised as such.
                _ => JsonSerializer.Serialize(values, Json),
            };
            labels[i] = string.IsNullOrWhiteSpace(label) ? null : label.Trim();
        }

        return labels;
    }

    /// <summary>What is wrong with a row's labels, or <c>null</c>: an array's label that holds the separator would fall apart
    /// later.</summary>
    public string? LabelProblem(TableRow row)
    {
        for (var i = 0; i < _taskCells.Length; i++)
        {
            if (
                _tasks[i].Kind == TaskKind.MultiLabel
                && _taskCells[i] is { } index
                && row.Cells[index].Length > 1
                && Array.Exists(row.Cells[index], label => label.Contains(_tasks[i].Separator, StringComparison.Ordinal))
            )
            {
                return $"a label of task '{_tasks[i].Name}' holds the separator '{_tasks[i].Separator}'; choose another separator";
            }
        }

        return null;
    }

    private int Add(string column, string use)
    {
        var found = _columns.Count(existing => string.Equals(existing, column, StringComparison.Ordinal));
        if (found == 0)
        {
            throw TableException.MissingColumn(_path, column, use, _columns);
        }

        if (found > 1)
        {
            throw new TableException($"{_path} has {found} columns named '{column}' (asked for as {use}); rename all but one.")
            {
                File = _path,
                Column = column,
            };
        }

        var index = _wanted.IndexOf(column);
        if (index < 0)
        {
            index = _wanted.Count;
            _wanted.Add(column);
        }

        return index;
    }
}
