// One pair of classes of a confusion matrix.
namespace Duet.Metrics;

/// <summary>How often rows of one class were given another, or the same.</summary>
/// <param name="True">The true class.</param>
/// <param name="Predicted">The predicted class.</param>
/// <param name="Count">Labelled rows, at least 1.</param>
public sealed record ConfusionCell(string True, string Predicted, long Count);
