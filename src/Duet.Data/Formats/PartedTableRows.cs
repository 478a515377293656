// Reads several files as one table.

namespace Duet.Data;

/// <summary>The rows of several files, one after the other, numbered through.</summary>
internal sealed class PartedTableRows(string folder, IReadOnlyList<TablePart> parts) : ITableRows
{
    public IReadOnlyList<string> Columns { get; } =
    [.. parts.SelectMany(part => part.Rows.Columns.Concat(part.Derived.Keys)).Distinct(StringComparer.Ordinal)];

    public string PictureFolder => folder;

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        var number = 0L;
        foreach (var part in parts)
        {
            var stated = wanted
                .Where(column => !part.Derived.ContainsKey(column))
                .Concat(wanted.Where(part.Derived.ContainsKey).SelectMany(column => part.Derived[column].From))
                .Where(column => part.Rows.Columns.Contains(column, StringComparer.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .ToList();
            foreach (var row in part.Rows.Read(stated))
            {
                number++;
                yield return row.Problem is { } problem
                    ? TableRow.Bad(number, problem, $"{part.Name}: {row.Detail}")
                    : new TableRow(number, [.. wanted.Select(column => Cell(part, stated, row, column))]);
            }
        }
    }

    private static string[] Cell(TablePart part, List<string> stated, TableRow row, string column)
    {
        if (!part.Derived.TryGetValue(column, out var derived))
        {
            return stated.IndexOf(column) is >= 0 and var index ? row.Cells[index] : [];
        }

        var made = derived.Make([
            .. derived.From.Select(from =>
                stated.IndexOf(from) is >= 0 and var index && row.Cells[index] is [var first, ..] ? first : null
            ),
        ]);
        return string.IsNullOrEmpty(made) ? [] : [made];
    }
}

/// <summary>A file and the columns that are implied for its rows.</summary>
/// <param name="Name">The file's name, for messages.</param>
/// <param name="Rows">What it states.</param>
/// <param name="Derived">What it implies, by column name; stated columns of the same name are hidden.</param>
internal sealed record TablePart(string Name, ITableRows Rows, IReadOnlyDictionary<string, DerivedColumn> Derived);
