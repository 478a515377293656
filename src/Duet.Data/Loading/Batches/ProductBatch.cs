// A batch in managed memory, made of encoded products and their pictures in this one place.

namespace Duet.Data;

/// <summary>B products, encoded and padded. Dispose it after copying, so that its pixel buffer is used again.</summary>
public sealed class ProductBatch : IDisposable
{
    private readonly PreparedPictures _pictures;
    private readonly BatchLayout _layout;
    private PixelPool? _pool;

    private ProductBatch(IReadOnlyList<EncodedProduct> products, PreparedPictures pictures, BatchLayout layout, PixelPool? pool)
    {
        (Products, _pictures, _layout, _pool, Pixels) = (products, pictures, layout, pool, pictures.Pixels);
        ContextLength = layout.ContextLength ?? products.Select(product => product.TokenIds.Length).DefaultIfEmpty(0).Max();
        TokenIds = Padded(products, ContextLength, layout.PaddingId);
        TextLengths = [.. products.Select(product => product.TokenIds.Length)];
        TextPresent = [.. products.Select(product => product.HasText)];
        Features = [.. products.SelectMany(product => product.Features.Select(id => (long)id))];
        Labels = [.. layout.Tasks.Select((task, index) => TaskLabels.Of(task, index, products))];
        Rows = [.. products.Select(product => product.Product.Row)];
        Ids = [.. products.Select(product => product.Product.Id)];
    }

    /// <summary>The number of products, B.</summary>
    public int Count => Products.Count;

    /// <summary>Side of the pictures in pixels, S.</summary>
    public int ImageSize => _pictures.Size;

    /// <summary>Length of the token rows, L.</summary>
    public int ContextLength { get; }

    /// <summary>Pixels <c>[B, 3, S, S]</c>, RGB planes, 0 to 255, not normalized; zeros where there is no picture. Empty once
    /// disposed.</summary>
    public byte[] Pixels { get; private set; }

    /// <summary>Token ids <c>[B, L]</c>, padded; a product without text has the ids of the empty text.</summary>
    public long[] TokenIds { get; }

    /// <summary>How many ids of each row are no padding, <c>[B]</c>, at least 1.</summary>
    public int[] TextLengths { get; }

    /// <summary>Whether the product has a picture, <c>[B]</c>.</summary>
    public bool[] ImagePresent => _pictures.Present;

    /// <summary>Whether the product has text, <c>[B]</c>.</summary>
    public bool[] TextPresent { get; }

    /// <summary>Ids of the features' values <c>[B, F]</c>, 0 for unknown; empty where the model has no features.</summary>
    public long[] Features { get; }

    /// <summary>Labels by task, in the schema's order; empty where the loader has no tasks.</summary>
    public IReadOnlyList<TaskLabels> Labels { get; }

    /// <summary>Table row numbers, <c>[B]</c>.</summary>
    public long[] Rows { get; }

    /// <summary>Product ids, <c>[B]</c>.</summary>
    public string[] Ids { get; }

    /// <summary>The products, as they were encoded.</summary>
    internal IReadOnlyList<EncodedProduct> Products { get; }

    /// <summary>How many times each picture was enlarged, <c>[B]</c>; 1 where it was not, or there is none.</summary>
    internal IReadOnlyList<float> Enlargements => _pictures.Enlargements;

    /// <summary>How many pictures were looked at for this batch and for rows that were left out of it, and how many of them could not be
    /// used.</summary>
    internal LossCount Pictures { get; private init; }

    /// <summary>Makes a batch.</summary>
    /// <param name="products">The products; their own pictures are not looked at.</param>
    /// <param name="pictures">Their pictures, in the same order.</param>
    /// <param name="layout">How wide it is and which labels it has.</param>
    /// <param name="pool">Where the pixels go back to.</param>
    /// <param name="looked">See <see cref="Pictures"/>.</param>
    internal static ProductBatch Of(
        IReadOnlyList<EncodedProduct> products,
        PreparedPictures pictures,
        BatchLayout layout,
        PixelPool? pool = null,
        LossCount looked = default
    ) => new(products, pictures, layout, pool) { Pictures = looked };

    /// <summary>A batch of some of these products, changed; its pixels are copies.</summary>
    internal ProductBatch Select(IReadOnlyList<int> rows, Func<EncodedProduct, EncodedProduct> change) =>
        new([.. rows.Select(row => change(Products[row]))], _pictures.Select(rows), _layout, pool: null);

    /// <summary>A batch of these products, changed, without their pictures where they are hidden.</summary>
    internal ProductBatch With(Func<EncodedProduct, EncodedProduct> change, bool hidePictures) =>
        new(
            [.. Products.Select(change)],
            hidePictures ? PreparedPictures.None(Count, ImageSize) : _pictures with { Pixels = Pixels },
            _layout,
            pool: null
        );

    /// <summary>Hands the pixel buffer back; the other arrays stay valid.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pool, null) is { } owner)
        {
            owner.Return(Pixels);
            Pixels = [];
        }
    }

    private static long[] Padded(IReadOnlyList<EncodedProduct> products, int length, long padding)
    {
        var ids = new long[products.Count * length];
        Array.Fill(ids, padding);
        for (var row = 0; row < products.Count; row++)
        {
            var tokens = products[row].TokenIds;
            for (var i = 0; i < tokens.Length; i++)
            {
                ids[(row * length) + i] = tokens[i];
            }
        }

        return ids;
    }
}

/// <summary>The width of token rows, what fills them, and the tasks whose labels are read.</summary>
/// <param name="ContextLength">The width; null for that of the longest text.</param>
/// <param name="PaddingId">The id after a text's end.</param>
/// <param name="Tasks">The tasks; none where labels are not read.</param>
internal sealed record BatchLayout(int? ContextLength, long PaddingId, IReadOnlyList<TaskDefinition> Tasks)
{
    /// <summary>The layout of what an encoder encodes.</summary>
    public static BatchLayout Of(ProductEncoder encoder) =>
        new(encoder.Options.TrimToLongest ? null : encoder.Options.ContextLength, encoder.Tokenizer.PaddingId, encoder.Schema?.Tasks ?? []);
}
