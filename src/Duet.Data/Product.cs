// One product of a catalogue, as a table states it: no pixels, no tokens.
namespace Duet.Data;

/// <summary>One product: where its pictures lie, its text, and what the table says about it.</summary>
/// <param name="Row">The row's number in its table, 1-based, the header not counted (for JSONL: the line).</param>
/// <param name="Id">The id column's value, or the row number where the table has no id column.</param>
/// <param name="Images">Full paths of its pictures, each checked to lie in an allowed folder; may be empty. The files need not
/// exist.</param>
/// <param name="Text">The text columns joined; empty where the product has no text.</param>
/// <param name="Labels">The raw label per task, in the order of <see cref="TableOptions.Tasks"/>; <c>null</c> is a missing label. Empty
/// where no tasks were asked for.</param>
/// <param name="Split">The split column's value, or <c>null</c>.</param>
/// <param name="Group">The group column's value, or <c>null</c>; rows of one group are never in two splits.</param>
public sealed record Product(
    long Row,
    string Id,
    IReadOnlyList<string> Images,
    string Text,
    IReadOnlyList<string?> Labels,
    string? Split = null,
    string? Group = null
)
{
    /// <summary>The first text column's part of <see cref="Text"/> where there are several; <c>null</c> where there is one.</summary>
    public string? Title { get; init; }

    /// <summary>The values of <see cref="TableOptions.ExtraColumns"/>, in their order; <c>null</c> where a cell is empty.</summary>
    public IReadOnlyList<string?> Extras { get; init; } = [];

    /// <summary>The values of <see cref="TableOptions.FeatureColumns"/>, in their order; <c>null</c> where a cell is empty. Empty where no
    /// features were asked for.</summary>
    public IReadOnlyList<string?> Features { get; init; } = [];

    /// <summary>How many further pictures the row names whose paths were refused.</summary>
    internal int RefusedImages { get; init; }

    /// <summary>Whether the product has text other than white space.</summary>
    public bool HasText => !string.IsNullOrWhiteSpace(Text);

    /// <summary>Whether the product names a picture.</summary>
    public bool HasImage => Images.Count > 0;
}
