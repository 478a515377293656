// Figures by the values of a column as a table.
using System.Globalization;
using Duet.Metrics.Slices;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws slices.</summary>
internal static class SliceTable
{
    /// <summary>One line per slice: rows and every task's accuracy; then the spread.</summary>
    public static Table Of(string column, ColumnSlices slices)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape($"accuracy by {column}"));
        table.AddColumn(new TableColumn("rows").RightAligned());
        foreach (var task in slices.Tasks.Keys)
        {
            table.AddColumn(new TableColumn(Markup.Escape(task)).RightAligned());
        }

        foreach (var (slice, rows) in slices.Rows)
        {
            table.AddRow([
                Markup.Escape(slice),
                rows.ToString(CultureInfo.InvariantCulture),
                .. slices.Tasks.Values.Select(task => Cell(task[slice])),
            ]);
        }

        table.AddRow([
            $"highest - lowest (of slices with {ColumnSlices.MinRows} rows)",
            string.Empty,
            .. slices.Tasks.Keys.Select(task => ScoreTable.Share(slices.Spread.TryGetValue(task, out var spread) ? spread.Range : null)),
        ]);
        return table;
    }

    private static string Cell(SliceFigures figures) =>
        figures.Accuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $"{ScoreTable.Share(accuracy)} ({figures.N})") : "-";
}
