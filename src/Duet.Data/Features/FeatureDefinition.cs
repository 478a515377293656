// One categorical feature with its values: what travels with a model.
namespace Duet.Data;

/// <summary>A column whose value is an input beside picture and text, not a label: where a product comes from, say.</summary>
/// <param name="Column">The table column.</param>
/// <param name="Values">Its values; a value's place is its id. The first is <see cref="Unknown"/>, the others are in ordinal order.</param>
public sealed record FeatureDefinition(string Column, IReadOnlyList<string> Values)
{
    /// <summary>The value of a cell that is empty, or whose value the training split never had.</summary>
    public const string Unknown = "unknown";

    /// <summary>The id of <see cref="Unknown"/>.</summary>
    public const int UnknownId = 0;
}
