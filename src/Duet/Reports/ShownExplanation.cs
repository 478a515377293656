// Why the model gave an answer, as a report shows it.
namespace Duet.Reports;

/// <summary>What an answer rests on: where in the picture and which words. Scores are those of occlusion.</summary>
/// <param name="Task">The task of the answer.</param>
/// <param name="Answer">The answer that is explained.</param>
/// <param name="Overlay">The picture in grey under the colours of its scores; null where it cannot be shown or next to nothing in it speaks for the answer, compared with the words.</param>
/// <param name="Words">The words of the text with their share of the strongest word's score, from -1 (speaks against) to 1 (for); empty without a text.</param>
public sealed record ShownExplanation(string Task, string Answer, Thumbnail? Overlay, IReadOnlyList<KeyValuePair<string, double>> Words);
