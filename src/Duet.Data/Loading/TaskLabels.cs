// A batch's labels for one task.
namespace Duet.Data;

/// <summary>The labels of one task over a batch.</summary>
/// <param name="Kind">Which of the two arrays is filled.</param>
/// <param name="Classes">Single-label: class indexes, <c>[B]</c>, -1 where missing. Otherwise empty.</param>
/// <param name="MultiHot">Multi-label: 1 for each class the product has, <c>[B, C]</c> row-major. Otherwise empty.</param>
/// <param name="Present">Whether the product has a label for this task, <c>[B]</c>; where not, the loss and the metrics skip it.</param>
public sealed record TaskLabels(TaskKind Kind, long[] Classes, float[] MultiHot, bool[] Present);
