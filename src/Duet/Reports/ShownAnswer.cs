// An answer as a report shows it.
namespace Duet.Reports;

/// <summary>What the model said of a product in one task, and what is true.</summary>
/// <param name="Task">The task.</param>
/// <param name="Answer">What it said; of a multi-label task all classes above the threshold, joined.</param>
/// <param name="Truth">The label; null where the table has none.</param>
/// <param name="Confidence">Its probability.</param>
/// <param name="ImageShare">How much the picture weighed, 0 to 1; null if the system does not say.</param>
public sealed record ShownAnswer(string Task, string Answer, string? Truth, double Confidence, double? ImageShare)
{
    /// <summary>Whether the answer is right; null where nobody knows.</summary>
    public bool? Right => Truth is null ? null : string.Equals(Truth, Answer, StringComparison.Ordinal);

    /// <summary>Whether it can be published unseen; null where the run is not calibrated.</summary>
    public ShownDecision? Decision { get; init; }
}
