// The seam between table formats and the product reader.
namespace Duet.Data;

/// <summary>A table file of one format.</summary>
internal interface ITableRows
{
    /// <summary>The columns the table has, in order (JSONL: the keys seen in its first rows).</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Reads all rows from the start, keeping only the wanted columns, each of which exists.</summary>
    IEnumerable<TableRow> Read(IReadOnlyList<string> wanted);
}
