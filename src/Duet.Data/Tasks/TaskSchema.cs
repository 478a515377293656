// The tasks of a model: inferred once from the training split, saved with the run, used to encode labels ever after.
namespace Duet.Data;

/// <summary>An immutable list of tasks with label-to-index maps.</summary>
public sealed class TaskSchema
{
    /// <summary>The index of a missing or unseen label; losses and metrics mask it.</summary>
    public const int Missing = -1;

    /// <summary>The most classes a task may have. Beyond it, the column is most likely no label (an id, a title).</summary>
    public const int MaxClasses = 100_000;

    private readonly Dictionary<string, int>[] _indexes;

    /// <summary>Creates a schema from tasks whose classes are known.</summary>
    /// <exception cref="TableException">No task; a name given twice; a task with fewer than two classes or with a class given
    /// twice.</exception>
    public TaskSchema(IEnumerable<TaskDefinition> tasks)
    {
        Tasks = [.. tasks];
        if (Tasks.Count == 0)
        {
            throw new TableException("There is no task; name at least one column with labels.");
        }

        if (Tasks.GroupBy(task => task.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new TableException($"The task '{twice.Key}' is given twice.");
        }

        _indexes = [.. Tasks.Select(Index)];
    }

    private TaskSchema() => (Tasks, _indexes) = ([], []);

    /// <summary>No tasks: a model that only embeds, as it comes from an imported checkpoint.</summary>
    public static TaskSchema None { get; } = new();

    /// <summary>The tasks, in the order of heads and outputs.</summary>
    public IReadOnlyList<TaskDefinition> Tasks { get; }

    /// <summary>How to read these tasks' labels from a table.</summary>
    public IReadOnlyList<TaskColumn> Columns => [.. Tasks.Select(task => task.ToColumn())];

    /// <summary>Finds each task's classes in the training split, in their one spelling (<see cref="LabelSpelling.Canonical"/>); they are
    /// sorted ordinally.</summary>
    /// <param name="columns">The tasks, in the order in which <paramref name="training"/> was read.</param>
    /// <param name="training">The products of the training split.</param>
    /// <exception cref="TableException">A task has no labels, or only one class.</exception>
    public static TaskSchema Infer(IReadOnlyList<TaskColumn> columns, IEnumerable<Product> training)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(training);
        var classes = columns.Select(_ => new SortedSet<string>(StringComparer.Ordinal)).ToArray();
        foreach (var product in training)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                classes[i].UnionWith(LabelCell.Canonical(columns[i], product.Labels[i]));
                if (classes[i].Count > MaxClasses)
                {
                    throw new TableException(
                        $"The task '{columns[i].Name}' has more than {MaxClasses} classes; the column '{columns[i].Column}' seems to "
                            + $"hold no labels."
                    )
                    {
                        Column = columns[i].Column,
                    };
                }
            }
        }

        return new TaskSchema(
            columns.Select((column, i) => new TaskDefinition(column.Name, column.Column, column.Kind, [.. classes[i]], column.Separator))
        );
    }

    /// <summary>Reads a schema written by <see cref="Save"/>.</summary>
    /// <exception cref="TableException">The file is missing, too large, damaged or of a newer version.</exception>
    public static TaskSchema Load(string path) =>
        new(
            SchemaFile
                .Load<Content>(
                    path,
                    "labels",
                    content => content.Version,
                    content =>
                        content.Tasks is not { } tasks
                        || tasks.Any(task => task is null or { Name: null } or { Column: null } or { Classes: null } or { Separator: null })
                            ? "a task without name, column, classes or separator"
                            : null
                )
                .Tasks!
        );

    /// <summary>Writes the schema as JSON (<c>labels.json</c> of a run folder), under a temporary name first.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => SchemaFile.Save(path, new Content(SchemaFile.FormatVersion, [.. Tasks]));

    /// <summary>The place of a task, or -1.</summary>
    public int IndexOf(string task)
    {
        for (var i = 0; i < Tasks.Count; i++)
        {
            if (string.Equals(Tasks[i].Name, task, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// The class index of a label, or <see cref="Missing"/> for one the training split never had. A label counts as a class that is written
    /// just so, else as the one of the same number, truth value or text (<see cref="LabelSpelling.Canonical"/>).
    /// </summary>
    public int ClassIndex(int task, string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (_indexes[task].TryGetValue(label, out var index) || _indexes[task].TryGetValue(LabelSpelling.Canonical(label), out index))
        {
            return index;
        }

        // Runs from before lists were recognized have those of JSON arrays as classes, joined by blanks.
        return Tasks[task].Kind == TaskKind.SingleLabel && ListLiteral.TryRead(label, out var items)
            ? _indexes[task].GetValueOrDefault(string.Join(' ', items), Missing)
            : Missing;
    }

    /// <summary>A product's class index in a single-label task; <see cref="Missing"/> where the label is missing or unseen.</summary>
    /// <param name="task">The task's place.</param>
    /// <param name="label">The raw label, or <c>null</c>.</param>
    /// <param name="unseen">Counts an unseen label.</param>
    public int Encode(int task, string? label, UnseenLabels? unseen = null)
    {
        if (label is null)
        {
            return Missing;
        }

        var index = ClassIndex(task, label);
        if (index == Missing)
        {
            unseen?.Add(Tasks[task].Name, label);
        }

        return index;
    }

    /// <summary>
    /// A product's class indexes in a multi-label task, ascending; <c>null</c> where the label is missing. Unseen labels are left out. The
    /// cell may be a list as Python or JSON write it; at least three values that are all 0 or 1 are switches, whose places are the labels.
    /// </summary>
    /// <param name="task">The task's place.</param>
    /// <param name="label">The raw cell, or <c>null</c>.</param>
    /// <param name="unseen">Counts unseen labels.</param>
    public int[]? EncodeMany(int task, string? label, UnseenLabels? unseen = null)
    {
        // Runs from before list literals were read may have a whole one as a class.
        if (label is not null && _indexes[task].TryGetValue(label, out var whole))
        {
            return [whole];
        }

        var stated = LabelCell.Read(TaskKind.MultiLabel, Tasks[task].Separator, label);
        return stated is null
            ? null
            : [.. stated.Select(one => Encode(task, one, unseen)).Where(index => index != Missing).Distinct().Order()];
    }

    private static Dictionary<string, int> Index(TaskDefinition task)
    {
        if (task.Classes.Count == 0)
        {
            throw new TableException($"The task '{task.Name}' has no labels: the column '{task.Column}' is empty in the training split.")
            {
                Column = task.Column,
            };
        }

        if (task.Classes.Count == 1)
        {
            throw new TableException(
                $"The task '{task.Name}' has only one class, '{task.Classes[0]}', in the training split; there is nothing to learn. "
                    + $"Leave the task out or add rows with other labels."
            )
            {
                Column = task.Column,
            };
        }

        if (task.Paths is { } paths && (paths.Count != task.Classes.Count || task.Kind == TaskKind.MultiLabel))
        {
            throw new TableException(
                $"The task '{task.Name}' has {paths.Count} taxonomy paths for {task.Classes.Count} classes; a taxonomy needs one "
                    + $"label per product and one path per class."
            )
            {
                Column = task.Column,
            };
        }

        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var label in task.Classes)
        {
            if (string.IsNullOrWhiteSpace(label) || !index.TryAdd(label, index.Count))
            {
                throw new TableException($"The task '{task.Name}' has an empty class or the class '{label}' twice.")
                {
                    Column = task.Column,
                };
            }
        }

        // Beside the classes as they are written, so that those of earlier runs still match: 1 finds 1.0.
        for (var i = 0; i < task.Classes.Count; i++)
        {
            index.TryAdd(LabelSpelling.Canonical(task.Classes[i]), i);
        }

        return index;
    }

    private sealed record Content(int Version, IReadOnlyList<TaskDefinition>? Tasks);
}
