// A column that is made from others.
namespace Duet.Data;

/// <summary>A column that a data set implies rather than states.</summary>
/// <param name="From">The columns it is made from.</param>
/// <param name="Make">Makes its cell from theirs (the first value of each, or null); null for an empty cell.</param>
internal sealed record DerivedColumn(IReadOnlyList<string> From, Func<IReadOnlyList<string?>, string?> Make)
{
    /// <summary>A column that says the same in every row.</summary>
    public static DerivedColumn Constant(string value) => new([], _ => value);
}
