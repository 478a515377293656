// One row as a table reader gives it, before its cells mean anything.
namespace Duet.Data;

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
