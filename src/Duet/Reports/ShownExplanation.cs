// Why the model gave an answer, as a report shows it.
namespace Duet.Reports;

/// <summary>What an answer rests on.</summary>
/// <param name="Task">The task of the answer.</param>
/// <param name="Answer">The answer that is explained.</param>
/// <param name="Attributions">What each method says, the most telling method first; never empty.</param>
public sealed record ShownExplanation(string Task, string Answer, IReadOnlyList<ShownAttribution> Attributions);
