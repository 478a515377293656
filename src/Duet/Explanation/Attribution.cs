// One method's scores for one task.
using System.Text.Json.Serialization;

namespace Duet.Explanation;

/// <summary>
/// Scores of words and of cells of the picture. Those of occlusion and gradients are in log-odds of the answer: positive supports it,
/// negative against it. Those of attention are shares and never negative.
/// </summary>
/// <param name="Method">The method.</param>
/// <param name="Words">One score per word; null where the model sees no text, or the method says nothing about it.</param>
/// <param name="Patches">One score per cell; null where the model sees no picture, or the method says nothing about it.</param>
public sealed record Attribution(ExplanationMethod Method, IReadOnlyList<double>? Words, PatchGrid? Patches)
{
    /// <summary>How faithful the words' scores are; null where that was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Faithfulness? WordFaithfulness { get; init; }

    /// <summary>How faithful the cells' scores are; null where that was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Faithfulness? PatchFaithfulness { get; init; }

    /// <summary>
    /// Integrated gradients only: how far the sum of all scores is from the answer's difference between input and baseline, as a share of
    /// that difference. Above 0.05 or so more integration steps are in order.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CompletenessGap { get; init; }

    /// <summary>The overlay's file name, where one was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Overlay { get; init; }

    /// <summary>The mean of the faithfulness of words and cells, of those that were measured; null where neither was.</summary>
    public double? Trust =>
        (WordFaithfulness?.Score, PatchFaithfulness?.Score) switch
        {
            ({ } words, { } patches) => (words + patches) / 2,
            var (words, patches) => words ?? patches,
        };
}
