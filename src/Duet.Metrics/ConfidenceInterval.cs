// A figure with its uncertainty.
namespace Duet.Metrics;

/// <summary>An interval that covers the true value with a stated probability.</summary>
/// <param name="Estimate">The figure on the data itself.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="Level">The coverage meant, for instance 0.95.</param>
public sealed record ConfidenceInterval(double Estimate, double Low, double High, double Level);
