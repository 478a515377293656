// How much better one system is than another on the same rows.
namespace Duet.Metrics;

/// <summary>The difference of a figure between two systems.</summary>
/// <param name="Difference">First minus second, with its interval.</param>
/// <param name="PValue">The two-sided bootstrap p-value for "no difference".</param>
public sealed record PairedDifference(ConfidenceInterval Difference, double PValue);
