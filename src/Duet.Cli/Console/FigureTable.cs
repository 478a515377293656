// Rows of texts as a table like those of the other commands.
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws what a library report gives as rows.</summary>
internal static class FigureTable
{
    /// <summary>The table.</summary>
    /// <param name="rows">The header, then the rows.</param>
    public static Table Of(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var column = 0; column < rows[0].Count; column++)
        {
            var added = new TableColumn(Markup.Escape(rows[0][column]));
            table.AddColumn(column == 0 ? added : added.RightAligned());
        }

        foreach (var row in rows.Skip(1))
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }
}
