// What labels a cell states.
using System.Globalization;

namespace Duet.Data;

/// <summary>Takes the cell of a task's column apart.</summary>
internal static class LabelCell
{
    // Of three values that are all 0 or 1 two are equal, and nobody gives a product the same label twice: they are switches.
    private const int LeastSwitches = 3;

    /// <summary>
    /// The labels in a cell, as they are written. Of a multi-label task: a list as Python or JSON write it, else the texts between
    /// separators. At least three values that are all 0 or 1 are switches, one per label: the labels are the places (from 0) of those that
    /// are 1.
    /// </summary>
    /// <returns>Null where nothing is stated; empty where it is stated that no label applies.</returns>
    public static IReadOnlyList<string>? Read(TaskKind kind, string separator, string? cell)
    {
        if (cell is null || kind == TaskKind.SingleLabel)
        {
            return cell is null ? null : [cell];
        }

        if (!ListLiteral.TryRead(cell, out var labels))
        {
            labels = cell.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        if (AreSwitches(labels))
        {
            return [.. labels.Index().Where(label => IsOn(label.Item)).Select(label => label.Index.ToString(CultureInfo.InvariantCulture))];
        }

        return labels.Count == 0 ? null : labels;
    }

    /// <summary>The same in their one spelling (<see cref="LabelSpelling.Canonical"/>), each once; none where nothing is stated.</summary>
    public static IEnumerable<string> Canonical(TaskColumn task, string? cell) =>
        (Read(task.Kind, task.Separator, cell) ?? []).Select(LabelSpelling.Canonical).Distinct(StringComparer.Ordinal);

    /// <summary>Whether the values of a list switch labels on and off.</summary>
    public static bool AreSwitches(IReadOnlyList<string> values) => values.Count >= LeastSwitches && values.All(IsSwitch);

    private static bool IsSwitch(string label) => LabelSpelling.Canonical(label) is "0" or "1";

    private static bool IsOn(string label) => LabelSpelling.Canonical(label) is "1";
}
