// Why a model gives its answer to one task.
namespace Duet.Explanation;

/// <summary>The answer to a task and its explanations.</summary>
/// <param name="Task">The task.</param>
/// <param name="Label">The most probable class: what is explained.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="ImageShare">How much the picture weighed, 0 to 1; null if the system does not say.</param>
/// <param name="TextShare">How much the text weighed.</param>
/// <param name="Attributions">The scores by method.</param>
public sealed record TaskExplanation(
    string Task,
    string Label,
    double Probability,
    double? ImageShare,
    double? TextShare,
    IReadOnlyList<Attribution> Attributions
)
{
    /// <summary>The method with the highest <see cref="Attribution.Trust"/>; null where none was measured.</summary>
    public ExplanationMethod? MostFaithful =>
        Attributions.Where(attribution => attribution.Trust is not null).MaxBy(attribution => attribution.Trust)?.Method;

    /// <summary>The scores of a method; null where there are none.</summary>
    public Attribution? this[ExplanationMethod method] => Attributions.FirstOrDefault(attribution => attribution.Method == method);
}
