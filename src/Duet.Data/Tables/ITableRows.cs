// The seam between table formats and the product reader.

namespace Duet.Data;

/// <summary>A table of one format: a file, or a data set that reads like a table.</summary>
internal interface ITableRows
{
    /// <summary>The columns the table has, in order (JSONL: the keys seen in its first rows).</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The folder that picture paths start from; <c>null</c> for the one the table lies in.</summary>
    string? PictureFolder => null;

    /// <summary>The column whose cells the reader made itself, as texts of <see cref="Vision.PictureAddress"/>; <c>null</c> where all cells
    /// are paths.</summary>
    string? AddressColumn => null;

    /// <summary>What a user should know about how it is read, one sentence each.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>Reads all rows from the start, keeping only the wanted columns, each of which exists.</summary>
    IEnumerable<TableRow> Read(IReadOnlyList<string> wanted);
}

/// <summary>A row's cells, or why the row cannot be used.</summary>
/// <param name="Number">1-based row number (JSONL: line number).</param>
/// <param name="Cells">Per wanted column the values in the cell (none for an empty one, several only from JSON arrays).</param>
/// <param name="Problem">Set where the row is wrong; then the cells are empty.</param>
/// <param name="Detail">What is wrong, in words.</param>
internal readonly record struct TableRow(long Number, string[][] Cells, QuarantineReason? Problem = null, string Detail = "")
{
    /// <summary>A row that cannot be used.</summary>
    public static TableRow Bad(long number, QuarantineReason reason, string detail) => new(number, [], reason, detail);
}
