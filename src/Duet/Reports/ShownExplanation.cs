// Why the model gave an answer, as a report shows it.
using Duet.Explanation;

namespace Duet.Reports;

/// <summary>What an answer rests on.</summary>
/// <param name="Task">The task of the answer.</param>
/// <param name="Answer">The answer that is explained.</param>
/// <param name="Attributions">What each method says, the most telling method first; never empty.</param>
public sealed record ShownExplanation(string Task, string Answer, IReadOnlyList<ShownAttribution> Attributions);

/// <summary>Where in the picture and which words an answer rests on, by one method.</summary>
/// <param name="Method">The method: occlusion, or attention rollout.</param>
/// <param name="Overlay">The picture in grey under the colours of its scores; null where it cannot be shown or there is next to nothing in
/// it, compared with the words.</param>
/// <param name="Words">The words of the text with their share of the strongest word's score, from -1 (against) to 1 (for; attention is
/// never below 0); empty without a text.</param>
public sealed record ShownAttribution(ExplanationMethod Method, Thumbnail? Overlay, IReadOnlyList<KeyValuePair<string, double>> Words);
