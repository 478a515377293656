// A label that a model's training split never had, with the class it was probably meant for.
using System.Globalization;

namespace Duet.Data;

/// <summary>A label that is not a class of its task.</summary>
/// <param name="Label">The label as it is written.</param>
/// <param name="Count">How often it was met.</param>
/// <param name="Nearest">The class that is nearest to it: but for case, accents, blanks or the format of numbers the same, else a slip of
/// the pen away; null where none is near.</param>
public sealed record UnseenLabel(string Label, long Count, string? Nearest)
{
    /// <summary>How many labels are named per task.</summary>
    public const int Named = 10;

    // Comparing with very many classes letter by letter takes long and finds what nobody meant.
    private const int MaxCompared = 20_000;

    /// <summary>The commonest unseen labels of a task, at most <see cref="Named"/>.</summary>
    /// <param name="task">The task.</param>
    /// <param name="unseen">What was met.</param>
    public static IReadOnlyList<UnseenLabel> Commonest(TaskDefinition task, UnseenLabels unseen)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(unseen);
        var values = unseen.Values(task.Name);
        if (values.Count == 0)
        {
            return [];
        }

        var folded = task
            .Classes.GroupBy(LabelSpelling.Folded, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        return
        [
            .. values
                .OrderByDescending(value => value.Value)
                .ThenBy(value => value.Key, StringComparer.Ordinal)
                .Take(Named)
                .Select(value => new UnseenLabel(
                    value.Key,
                    value.Value,
                    folded.GetValueOrDefault(LabelSpelling.Folded(value.Key)) ?? Similar(value.Key, task.Classes)
                )),
        ];
    }

    // Of codes and numbers a digit more or less is another label, and no slip of the pen.
    private static string? Similar(string label, IReadOnlyList<string> classes) =>
        classes.Count > MaxCompared || label.Any(char.IsAsciiDigit) ? null : NameSuggestion.Nearest(label, classes);

    /// <summary>The sentence about a task's unseen labels; null where there are none.</summary>
    /// <param name="task">The task.</param>
    /// <param name="unseen">What was met.</param>
    public static string? Sentence(TaskDefinition task, UnseenLabels unseen)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(unseen);
        if (unseen.ByTask.GetValueOrDefault(task.Name) is not (> 0 and var count))
        {
            return null;
        }

        var more = unseen.Values(task.Name).Count > Named ? ", ..." : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count} {(count == 1 ? "label of the task" : "labels of the task")} {task.Name} {(count == 1 ? "is" : "are")} not among "
                + $"the classes that it was trained on and {(count == 1 ? "counts" : "count")} in no figure: "
                + $"{string.Join(", ", Commonest(task, unseen))}{more}."
        );
    }

    /// <summary>The label, its count, and the class it is near: <c>'RED' 3 x (the run knows 'red')</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"'{Label}' {Count} x{(Nearest is null ? string.Empty : $" (the run knows '{Nearest}')")}");
}
