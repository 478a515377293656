// Products with damaged texts, other products' inputs, or inputs taken away.
using Duet.Data;

namespace Duet.Studies.Robustness;

/// <summary>Applies what can be done to products before any picture is decoded.</summary>
public static class CorruptedProducts
{
    // Keeps these draws apart from others for the same seed and row.
    private const ulong Purpose = 0x73_70_6F_69_6C;

    /// <summary>The draws of one product under one kind of corruption: the same at every strength, so that strengths build on one
    /// another.</summary>
    public static CounterRandom Draws(ulong seed, CorruptionKind kind, long row) => new(seed ^ Purpose, (ulong)kind, (ulong)row);

    /// <summary>
    /// The products with their texts damaged, exchanged or taken away, or their pictures exchanged or taken away. An input is only taken
    /// away where the other is there. Corruptions of pixels change nothing here.
    /// </summary>
    /// <param name="products">The products, labels and all; they stay as they are.</param>
    /// <param name="corruption">What to do.</param>
    /// <param name="seed">The sweep's seed.</param>
    public static IReadOnlyList<Product> Of(IReadOnlyList<Product> products, Corruption corruption, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(products);
        ArgumentNullException.ThrowIfNull(corruption);
        switch (corruption.Kind)
        {
            case CorruptionKind.WrongPicture:
                var pictures = Exchange(products, product => product.HasImage, seed, corruption.Kind);
                return
                [
                    .. products.Select(
                        (product, i) => pictures[i] is { } other && IsHit(product) ? product with { Images = other.Images } : product
                    ),
                ];
            case CorruptionKind.WrongText:
                var texts = Exchange(products, product => product.HasText, seed, corruption.Kind);
                return
                [
                    .. products.Select(
                        (product, i) => texts[i] is { } other && IsHit(product) ? product with { Text = other.Text } : product
                    ),
                ];
            case CorruptionKind.MissingPicture:
                return [.. products.Select(product => product.HasText && IsHit(product) ? product with { Images = [] } : product)];
            case CorruptionKind.MissingText:
                return [.. products.Select(product => product.HasImage && IsHit(product) ? product with { Text = string.Empty } : product)];
            default:
                return corruption.AltersPixels
                    ? products
                    :
                    [
                        .. products.Select(product =>
                            product with
                            {
                                Text = TextCorruption.Apply(product.Text, corruption, Draws(seed, corruption.Kind, product.Row)),
                            }
                        ),
                    ];
        }

        bool IsHit(Product product) => Draws(seed, corruption.Kind, product.Row).NextDouble() < corruption.Strength;
    }

    // Every product that has the input gets that of the next one in a random ring, so never its own; null where there is no other.
    private static Product?[] Exchange(IReadOnlyList<Product> products, Func<Product, bool> has, ulong seed, CorruptionKind kind)
    {
        int[] ring = [.. Enumerable.Range(0, products.Count).Where(i => has(products[i]))];
        var givers = new Product?[products.Count];
        if (ring.Length < 2)
        {
            return givers;
        }

        new CounterRandom(seed ^ Purpose, (ulong)kind, ulong.MaxValue).Shuffle<int>(ring);
        for (var i = 0; i < ring.Length; i++)
        {
            givers[ring[i]] = products[ring[(i + 1) % ring.Length]];
        }

        return givers;
    }
}
