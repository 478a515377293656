// Rows that are known as a list: the pictures of a folder, say.
namespace Duet.Data;

/// <summary>Rows held in memory.</summary>
internal sealed class ListedRows(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows) : ITableRows
{
    public IReadOnlyList<string> Columns => columns;

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        var indexes = wanted.Select(column => columns.ToList().IndexOf(column)).ToArray();
        var number = 0L;
        foreach (var row in rows)
        {
            yield return new TableRow(
                ++number,
                [.. indexes.Select(index => string.IsNullOrEmpty(row[index]) ? (string[])[] : [row[index]!])]
            );
        }
    }
}
