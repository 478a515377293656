// A product as a report shows it.
namespace Duet.Reports;

/// <summary>A product with the model's answers.</summary>
/// <param name="Row">Its row in the table.</param>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text; empty where it has none.</param>
/// <param name="Picture">Its picture, made small; null where it has none that can be shown.</param>
/// <param name="Answers">The answers, in the order of the tasks.</param>
public sealed record ShownProduct(long Row, string Id, string Text, Thumbnail? Picture, IReadOnlyList<ShownAnswer> Answers)
{
    /// <summary>Why one of the answers was given: the surest mistake, or the least sure answer; null where it was not asked.</summary>
    public ShownExplanation? Explanation { get; init; }
}
