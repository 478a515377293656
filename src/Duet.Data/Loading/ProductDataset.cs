// The products of a split, encoded once and with every picture checked, ready for many epochs.
using Duet.Vision;

namespace Duet.Data;

/// <summary>
/// Products whose texts and labels are encoded and whose pictures were all decoded once. That settles the quarantine before the
/// first epoch: a product with a broken picture is used with its text, one without text is left out, and from then on
/// the number and order of batches is fixed.
/// </summary>
public sealed class ProductDataset
{
    private readonly EncodedProduct[] _items;

    private ProductDataset(EncodedProduct[] items, ProductEncoder encoder, IPicturePipeline pictures, Quarantine quarantine) =>
        (_items, Encoder, Pictures, Quarantine) = (items, encoder, pictures, quarantine);

    /// <summary>The number of products.</summary>
    public int Count => _items.Length;

    /// <summary>The products, in table order, their broken pictures removed.</summary>
    public IReadOnlyList<Product> Products => [.. _items.Select(item => item.Product)];

    /// <summary>What encoded the products; counts truncated texts and unseen labels.</summary>
    public ProductEncoder Encoder { get; }

    /// <summary>How many entries the quarantine holds that this dataset writes to.</summary>
    public long QuarantinedEntries => Quarantine.Count;

    internal IPicturePipeline Pictures { get; }

    internal Quarantine Quarantine { get; }

    internal EncodedProduct this[int index] => _items[index];

    /// <summary>Checks all pictures and encodes all products.</summary>
    /// <param name="products">The products of one split.</param>
    /// <param name="encoder">Tokenizer and tasks.</param>
    /// <param name="pictures">Decodes and prepares pictures.</param>
    /// <param name="quarantine">Receives broken pictures and products without anything left.</param>
    /// <param name="workers">Threads to decode with; by default all cores, as nothing computes yet.</param>
    /// <param name="progress">Told the number of products done so far.</param>
    /// <param name="looked">Called after the first <see cref="LossLimit.FirstLook"/> products where there are more; may throw where too
    /// much is lost.</param>
    /// <param name="cancellation">Stops the check.</param>
    public static ProductDataset Create(
        IReadOnlyList<Product> products,
        ProductEncoder encoder,
        IPicturePipeline pictures,
        Quarantine quarantine,
        int? workers = null,
        IProgress<int>? progress = null,
        Action? looked = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(products);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(quarantine);
        var encoded = new EncodedProduct?[products.Count];
        var done = 0;
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = workers ?? Environment.ProcessorCount,
        };
        void Look(int from, int to) =>
            Parallel.For(
                from,
                to,
                parallel,
                i =>
                {
                    if (WithGoodImages(products[i], pictures, quarantine) is { } product)
                    {
                        encoded[i] = encoder.Encode(product);
                    }

                    progress?.Report(Interlocked.Increment(ref done));
                }
            );

        // In two parts, so that what the first look sees does not depend on the threads.
        var first = Math.Min(products.Count, LossLimit.FirstLook);
        Look(0, first);
        if (first < products.Count)
        {
            looked?.Invoke();
            Look(first, products.Count);
        }

        return new ProductDataset([.. encoded.OfType<EncodedProduct>()], encoder, pictures, quarantine);
    }

    /// <summary>The products that have what a model needs; the others go to the quarantine.</summary>
    /// <param name="usable">Whether the model can look at a product.</param>
    /// <param name="detail">What the others lack.</param>
    public ProductDataset Where(Func<Product, bool> usable, string detail)
    {
        ArgumentNullException.ThrowIfNull(usable);
        foreach (var item in _items.Where(item => !usable(item.Product)))
        {
            Quarantine.Add(
                new QuarantineEntry(
                    item.Product.Row,
                    item.Product.Id,
                    string.Empty,
                    QuarantineReason.NothingToClassify,
                    detail,
                    RowRefused: true
                )
            );
        }

        return new ProductDataset([.. _items.Where(item => usable(item.Product))], Encoder, Pictures, Quarantine);
    }

    /// <summary>The same products whose pictures are read in another way.</summary>
    internal ProductDataset With(IPicturePipeline pictures) => new(_items, Encoder, pictures, Quarantine);

    private static Product? WithGoodImages(Product product, IPicturePipeline pictures, Quarantine quarantine)
    {
        var good = new List<string>(product.Images.Count);
        var bad = new List<(string Path, ImageDecodeException Cause)>();
        foreach (var path in product.Images)
        {
            try
            {
                pictures.Check(path);
                good.Add(path);
            }
            catch (ImageDecodeException e)
            {
                bad.Add((path, e));
            }
        }

        quarantine.CountPictures(
            bad.Aggregate(
                new LossCount(good.Count + product.RefusedImages, product.RefusedImages),
                (count, picture) => count.Plus(BatchAssembler.LossOf(picture.Cause))
            )
        );
        if (bad.Count == 0)
        {
            return product;
        }

        var refused = good.Count == 0 && !product.HasText;
        for (var i = 0; i < bad.Count; i++)
        {
            var (path, cause) = bad[i];
            quarantine.Add(
                new QuarantineEntry(product.Row, product.Id, path, BatchAssembler.ReasonOf(cause.Reason), cause.Message, refused && i == 0)
            );
        }

        return refused ? null : product with { Images = good };
    }
}
