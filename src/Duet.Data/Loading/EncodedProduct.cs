// A product with its text and labels as numbers; only the picture is still a path.
namespace Duet.Data;

/// <summary>A product ready for batching.</summary>
/// <param name="Product">The product.</param>
/// <param name="TokenIds">Its text's ids without padding.</param>
/// <param name="Classes">Per task the class index (single-label) or -1.</param>
/// <param name="ManyClasses">Per task the class indexes (multi-label), <c>null</c> where missing or single-label.</param>
internal sealed record EncodedProduct(Product Product, int[] TokenIds, int[] Classes, int[]?[] ManyClasses)
{
    /// <summary>The ids of its features' values.</summary>
    public int[] Features { get; init; } = [];

    /// <summary>Whether a part of its text was not read.</summary>
    public bool Truncated { get; init; }

    /// <summary>The further pieces of a long text that is read in pieces; empty for all others.</summary>
    public IReadOnlyList<int[]> FurtherTokens { get; init; } = [];
}
