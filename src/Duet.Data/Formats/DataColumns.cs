// What a known data set's columns are for.

namespace Duet.Data;

/// <summary>The columns that a data set is used with unless others are named.</summary>
public sealed record DataColumns
{
    /// <summary>The id column, or null for the row number.</summary>
    public string? Id { get; init; }

    /// <summary>Columns with pictures.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Columns with text.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Columns with one label per row.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>Columns with several labels per row.</summary>
    public IReadOnlyList<string> MultiLabelTasks { get; init; } = [];

    /// <summary>The column that names splits, or null where there is none.</summary>
    public string? Split { get; init; }

    /// <summary>The column whose equal values stay in one split, or null.</summary>
    public string? Group { get; init; }

    /// <summary>The column that names the language, or null.</summary>
    public string? Language { get; init; }
}

/// <summary>A column that a data set implies rather than states.</summary>
/// <param name="From">The columns it is made from.</param>
/// <param name="Make">Makes its cell from theirs (the first value of each, or null); null for an empty cell.</param>
internal sealed record DerivedColumn(IReadOnlyList<string> From, Func<IReadOnlyList<string?>, string?> Make)
{
    /// <summary>A column that says the same in every row.</summary>
    public static DerivedColumn Constant(string value) => new([], _ => value);
}
