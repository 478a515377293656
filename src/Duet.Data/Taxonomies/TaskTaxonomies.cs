// Ties tasks to taxonomies when a run begins.
namespace Duet.Data;

/// <summary>Gives the tasks of a schema the paths of their classes.</summary>
public static class TaskTaxonomies
{
    private const int Shown = 5;

    /// <summary>Adds taxonomies to tasks. A task whose every class is a path already gets its own without being asked.</summary>
    /// <param name="schema">The tasks.</param>
    /// <param name="assignments"><c>TASK=FILE</c>, or <c>TASK</c> where the labels are paths themselves.</param>
    /// <exception cref="TableException">There is no such task, it is multi-label or named twice, the file cannot be read, or it lacks a
    /// label.</exception>
    public static TaskSchema Apply(TaskSchema schema, IReadOnlyList<string> assignments)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(assignments);
        var files = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var assignment in assignments)
        {
            var (name, file) = Parse(assignment);
            if (schema.IndexOf(name) < 0)
            {
                throw new TableException(
                    $"--taxonomy names the task '{name}', which does not exist; there are "
                        + $"{string.Join(", ", schema.Tasks.Select(task => task.Name))}."
                );
            }

            if (!files.TryAdd(name, file))
            {
                throw new TableException($"--taxonomy names the task '{name}' twice.");
            }
        }

        return new TaskSchema(schema.Tasks.Select(task => WithPaths(task, files)));
    }

    /// <summary>The task and the file of an assignment; the file is null where there is none.</summary>
    public static (string Task, string? File) Parse(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        return assignment.Split('=', 2) is [var name, { Length: > 0 } file] ? (name, file) : (assignment.TrimEnd('='), null);
    }

    private static TaskDefinition WithPaths(TaskDefinition task, Dictionary<string, string?> files)
    {
        var asked = files.TryGetValue(task.Name, out var file);
        if (
            !asked
            && !(
                task.Kind == TaskKind.SingleLabel && task.Classes.All(label => label.Contains(Taxonomy.Separator, StringComparison.Ordinal))
            )
        )
        {
            return task;
        }

        if (task.Kind == TaskKind.MultiLabel)
        {
            throw new TableException($"The task '{task.Name}' is multi-label; a taxonomy needs a task with one label per product.")
            {
                Column = task.Column,
            };
        }

        if (file is null)
        {
            return task with { Paths = task.Classes };
        }

        var taxonomy = TaxonomyFile.Load(file);
        var nodes = task.Classes.Select(label => (Label: label, Node: taxonomy.Find(label))).ToList();
        var missing = nodes.Where(pair => pair.Node is null).Select(pair => pair.Label).ToList();
        var shown =
            string.Join(", ", missing.Take(Shown).Select(label => Describe(label, taxonomy)))
            + (missing.Count > Shown ? ", ..." : string.Empty);
        return missing.Count == 0
            ? task with
            {
                Paths = [.. nodes.Select(pair => pair.Node!.Path)],
            }
            : throw new TableException(
                $"{missing.Count} labels of the task '{task.Name}' are not in the taxonomy {file}: "
                    + $"{shown}. `duet taxonomy {file} --labels TABLE --column {task.Column}` lists them all."
            )
            {
                Column = task.Column,
            };
    }

    private static string Describe(string label, Taxonomy taxonomy) =>
        taxonomy.Nearest(label) is { } nearest ? $"'{label}' (near '{nearest}')" : $"'{label}'";
}
