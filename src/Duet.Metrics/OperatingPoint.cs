// Where to set the confidence threshold, and what that gives.
namespace Duet.Metrics;

/// <summary>A confidence threshold with its consequences. Predictions at or above it are accepted.</summary>
/// <param name="Threshold">The least confidence at which a prediction is accepted; null where no threshold reaches the target (nothing is
/// accepted).</param>
/// <param name="Precision">Right among the accepted / accepted; NaN where nothing is accepted.</param>
/// <param name="Recall">Right among the accepted / all labelled rows (or all rows of the class).</param>
/// <param name="Coverage">Accepted / all rows that were scored.</param>
public sealed record OperatingPoint(double? Threshold, double Precision, double Recall, double Coverage)
{
    /// <summary>Nothing reaches the target, so nothing is accepted.</summary>
    public static OperatingPoint None { get; } = new(null, double.NaN, 0, 0);
}
