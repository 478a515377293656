// The outcome of McNemar's test.
namespace Duet.Metrics;

/// <summary>Two systems on the same rows.</summary>
/// <param name="OnlyFirst">Rows that only the first has right.</param>
/// <param name="OnlySecond">Rows that only the second has right.</param>
/// <param name="PValue">The chance of a split at least this uneven if both were equally good (two-sided, exact).</param>
public sealed record McNemarResult(long OnlyFirst, long OnlySecond, double PValue);
