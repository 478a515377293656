// What a check says about one task.
namespace Duet.Data.Checks;

/// <summary>The labels of a task.</summary>
/// <param name="Labelled">Rows with a label.</param>
/// <param name="Missing">Rows without.</param>
/// <param name="Classes">Rows per class, the most frequent first.</param>
/// <param name="SuspectLabels">Labels that are probably wrong; null where that was not looked for.</param>
/// <param name="Accuracy">The accuracy (of several labels: micro F1) of the out-of-fold predictions that suspect labels are found with;
/// null likewise.</param>
public sealed record TaskSummary(int Labelled, int Missing, IReadOnlyDictionary<string, int> Classes, int? SuspectLabels, double? Accuracy)
{
    /// <summary>Labels that are written in several ways, those of most rows first: the rows of each spelling, the commonest
    /// first.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, int>> Spellings { get; init; } = [];

    /// <summary>What the column looks like instead of labels, or of one label each; null where it looks like labels.</summary>
    public string? LooksLike { get; init; }
}
