// The rows of a split.
namespace Duet.Reports;

/// <summary>How many rows a split has, and of what kind.</summary>
/// <param name="Name">The split: train, val, test, or all.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="WithImage">Rows that name a picture.</param>
/// <param name="WithText">Rows that have a text.</param>
public sealed record SplitRows(string Name, long Rows, long WithImage, long WithText);
