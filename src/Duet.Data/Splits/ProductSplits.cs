// The outcome of dividing a table.
namespace Duet.Data;

/// <summary>Products by split, each in table order.</summary>
/// <param name="Train">To train on.</param>
/// <param name="Validation">To choose the best checkpoint by; empty only where the table is too small or none was asked for.</param>
/// <param name="Test">To report on; may be empty.</param>
/// <param name="Notes">What the user should know about how it was done, one sentence each.</param>
public sealed record ProductSplits(
    IReadOnlyList<Product> Train,
    IReadOnlyList<Product> Validation,
    IReadOnlyList<Product> Test,
    IReadOnlyList<string> Notes
)
{
    /// <summary>The one of <see cref="Notes"/> that says how many validation and test rows are in training as well; null where none
    /// does.</summary>
    public string? Leak { get; init; }
}
