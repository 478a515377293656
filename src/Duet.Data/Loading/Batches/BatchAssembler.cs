// Puts encoded products and their pictures together into batches.
using System.Collections.Concurrent;
using Duet.Vision;

namespace Duet.Data;

/// <summary>Builds batches; a picture that cannot be decoded is quarantined once and then treated as absent. Safe for many
/// threads.</summary>
internal sealed class BatchAssembler(
    ProductEncoder encoder,
    IPicturePipeline pictures,
    Quarantine quarantine,
    int batchSize,
    int pooledBatches,
    TokenVariation? variation = null
)
{
    private readonly PixelPool _pool = new(checked(batchSize * 3 * pictures.Size * pictures.Size), pooledBatches);
    private readonly BatchLayout _layout = BatchLayout.Of(encoder);
    private readonly ConcurrentDictionary<string, bool> _broken = new(StringComparer.Ordinal);

    /// <summary>The quarantine's reason for a decoder's.</summary>
    public static QuarantineReason ReasonOf(ImageDecodeReason reason) =>
        reason switch
        {
            ImageDecodeReason.Missing => QuarantineReason.ImageMissing,
            ImageDecodeReason.Placeholder => QuarantineReason.ImagePlaceholder,
            ImageDecodeReason.NotAnImage or ImageDecodeReason.UnsupportedFormat => QuarantineReason.ImageUnsupported,
            ImageDecodeReason.TooLarge => QuarantineReason.ImageTooLarge,
            ImageDecodeReason.TooSmall or ImageDecodeReason.ExtremeShape => QuarantineReason.ImageShape,
            _ => QuarantineReason.ImageBroken,
        };

    /// <summary>How a picture that was not decoded counts: a placeholder is as an empty cell.</summary>
    public static LossCount LossOf(ImageDecodeException cause) => Quarantine.IsLoss(ReasonOf(cause.Reason)) ? new LossCount(1, 1) : default;

    /// <summary>Builds a batch.</summary>
    /// <param name="items">At most as many products as the batch size.</param>
    /// <param name="view">Decides the random views of the pictures; <c>null</c> for evaluation.</param>
    /// <param name="keepRefused">
    /// Whether a product that turns out to have neither text nor a decodable picture keeps its place with all labels masked
    /// (training: batches keep their shape) or is left out (prediction).
    /// </param>
    public ProductBatch Assemble(IReadOnlyList<EncodedProduct> items, TrainingView? view, bool keepRefused)
    {
        var buffer = _pool.Rent();
        var picture = 3 * pictures.Size * pictures.Size;
        var (kept, present, enlargements) = (new List<EncodedProduct>(items.Count), new List<bool>(), new List<float>());
        var looked = default(LossCount);
        foreach (var item in items)
        {
            var place = buffer.AsSpan(kept.Count * picture, picture);
            var hasImage = TryLoad(item, view, keepRefused, place, ref looked, out var enlargement);
            var nothing = !hasImage && !item.HasText;
            if (nothing && !keepRefused)
            {
                continue;
            }

            if (!hasImage)
            {
                place.Clear();
            }

            var varied = view is { } drawn ? Varied(item, drawn) : item;
            kept.Add(nothing ? varied.WithoutLabels() : varied);
            present.Add(hasImage);
            enlargements.Add(enlargement);
        }

        var prepared = new PreparedPictures(pictures.Size, Exact(buffer, kept.Count * picture), [.. present], [.. enlargements]);
        return ProductBatch.Of(kept, prepared, _layout, _pool, looked);
    }

    // One piece of a long text per epoch, as one crop of the picture; evaluation reads all of them.
    private EncodedProduct Varied(EncodedProduct item, TrainingView view)
    {
        var row = item.Product.Row;
        var piece = item.FurtherTokens.Count == 0 ? 0 : view.Piece(row, item.FurtherTokens.Count + 1);
        var tokens = piece == 0 ? item.TokenIds : item.FurtherTokens[piece - 1];
        return item with { TokenIds = variation?.Apply(tokens, view, row) ?? tokens, FurtherTokens = [] };
    }

    private bool TryLoad(
        EncodedProduct item,
        TrainingView? view,
        bool once,
        Span<byte> destination,
        ref LossCount looked,
        out float enlargement
    )
    {
        enlargement = 1;
        looked = looked.Plus(new LossCount(item.Product.RefusedImages, item.Product.RefusedImages));
        var images = item.Product.Images;
        var first = view is { } drawn && images.Count > 1 ? drawn.FirstImage(item.Product.Row, images.Count) : 0;
        for (var i = 0; i < images.Count; i++)
        {
            var path = images[(first + i) % images.Count];
            if (_broken.ContainsKey(path))
            {
                continue;
            }

            try
            {
                if (view is { } random)
                {
                    pictures.Augment(path, random.Seed, random.Epoch, item.Product.Row, destination);
                }
                else
                {
                    enlargement = pictures.Prepare(path, destination);
                }

                looked = looked.Plus(new LossCount(1, 0));
                return true;
            }
            catch (ImageDecodeException e)
            {
                looked = looked.Plus(LossOf(e));
                SetAside(item.Product, path, e, once, isLast: i == images.Count - 1);
            }
        }

        return false;
    }

    private void SetAside(Product product, string path, ImageDecodeException cause, bool once, bool isLast)
    {
        // A stream passes every row once and may be endless, so it remembers nothing.
        if (!once || _broken.TryAdd(path, true))
        {
            quarantine.Add(
                new QuarantineEntry(product.Row, product.Id, path, ReasonOf(cause.Reason), cause.Message, isLast && !product.HasText)
            );
        }
    }

    private byte[] Exact(byte[] buffer, int length)
    {
        if (buffer.Length == length)
        {
            return buffer;
        }

        var exact = buffer[..length];
        _pool.Return(buffer);
        return exact;
    }
}
