// How far a job over a table has come.
namespace Duet.Inference;

/// <summary>The progress of a job, reported after every batch.</summary>
/// <param name="Rows">Rows done.</param>
/// <param name="RowsPerSecond">Their rate since the job began.</param>
/// <param name="Elapsed">Time since the job began.</param>
public sealed record UseProgress(long Rows, double RowsPerSecond, TimeSpan Elapsed);
