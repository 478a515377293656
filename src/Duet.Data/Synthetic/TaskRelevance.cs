// What carries one product's answer to one task.
namespace Duet.Data;

/// <summary>The known truth about where the signal of an answer is, to test explanations against.</summary>
/// <param name="Task">The task.</param>
/// <param name="Modality">Which of picture and title carries the answer.</param>
/// <param name="Words">The words of the title that carry it; empty where the title does not.</param>
/// <param name="Box">The part of the picture that carries it; <c>null</c> where the picture does not.</param>
public sealed record TaskRelevance(string Task, RelevantModality Modality, IReadOnlyList<string> Words, PixelBox? Box);
