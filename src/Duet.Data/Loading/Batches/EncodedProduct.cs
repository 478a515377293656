// A product with its text, features and labels as ids: what batches are made of.
namespace Duet.Data;

/// <summary>A product ready for batching.</summary>
/// <param name="Product">The product.</param>
/// <param name="TokenIds">Its text's ids without padding; those of the empty text where there is none.</param>
internal sealed record EncodedProduct(Product Product, int[] TokenIds)
{
    /// <summary>Whether it counts as having a text.</summary>
    public bool HasText { get; init; } = Product.HasText;

    /// <summary>Whether a part of its text was not read.</summary>
    public bool Truncated { get; init; }

    /// <summary>The further pieces of a long text that is read in pieces; empty for all others.</summary>
    public IReadOnlyList<int[]> FurtherTokens { get; init; } = [];

    /// <summary>The ids of its features' values.</summary>
    public int[] Features { get; init; } = [];

    /// <summary>Per task the class index (single-label) or -1; empty where labels are not read.</summary>
    public int[] Classes { get; init; } = [];

    /// <summary>Per task the class indexes (multi-label), <c>null</c> where missing or single-label; empty where labels are not
    /// read.</summary>
    public int[]?[] ManyClasses { get; init; } = [];

    /// <summary>Its picture where it is decoded already; null where there is none, or loaders read it from
    /// <see cref="Product.Images"/>.</summary>
    public PreparedPicture? Picture { get; init; }

    /// <summary>The product with all labels missing.</summary>
    public EncodedProduct WithoutLabels() =>
        this with
        {
            Classes = [.. Classes.Select(_ => TaskSchema.Missing)],
            ManyClasses = new int[]?[ManyClasses.Length],
        };

    /// <summary>The product without its text.</summary>
    /// <param name="emptyText">The ids of the empty text.</param>
    public EncodedProduct WithoutText(int[] emptyText) =>
        this with
        {
            TokenIds = emptyText,
            HasText = false,
            Truncated = false,
            FurtherTokens = [],
        };
}
