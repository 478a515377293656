// How a comparison ended.
namespace Duet.Studies.Comparison;

/// <summary>The end of a comparison, or its interruption.</summary>
/// <param name="Table">The table as far as it came.</param>
/// <param name="Finished">Whether every run was made; otherwise it was interrupted, and the same call continues.</param>
public sealed record ComparisonResult(ComparisonTable Table, bool Finished)
{
    /// <summary>The number of runs that failed.</summary>
    public int Failed => Table.Systems.Sum(row => row.Failed);
}
