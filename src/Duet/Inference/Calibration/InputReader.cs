// Which inputs a product of a batch has, and what shows whether it is like the catalog.
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;

namespace Duet.Inference;

/// <summary>Reads from a batch and its results what certificates are about.</summary>
internal sealed class InputReader(ForwardPass pass, FeatureSchema features)
{
    /// <summary>The inputs that the model saw of a product.</summary>
    public InputPattern Pattern(ProductBatch batch, int row)
    {
        var count = features.Features.Count;
        return new InputPattern(
            pass.Sees(batch.ImagePresent[row], picture: true),
            pass.Sees(batch.TextPresent[row], picture: false),
            [.. features.Features.Where((_, i) => batch.Features[(row * count) + i] != 0).Select(feature => feature.Column)]
        );
    }

    /// <summary>What a product's novelty is computed from.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="result">Its results, with joint embeddings.</param>
    /// <param name="row">The product's place.</param>
    public NoveltyInput Novelty(ProductBatch batch, BatchResult result, int row)
    {
        var (picture, width) = (3 * batch.ImageSize * batch.ImageSize, result.Joint!.Length / batch.Count);
        var sees = pass.Sees(batch.ImagePresent[row], picture: true);
        return new NoveltyInput(
            sees ? PictureStatistics.Of(batch.Pixels.AsSpan(row * picture, picture), batch.ImageSize) : null,
            sees ? batch.Enlargements[row] : null,
            pass.Sees(batch.TextPresent[row], picture: false) ? Tokens(batch, row) : null,
            result.Joint[(row * width)..((row + 1) * width)]
        );
    }

    private static int[] Tokens(ProductBatch batch, int row) =>
        [.. batch.TokenIds.AsSpan(row * batch.ContextLength, batch.TextLengths[row]).ToArray().Select(id => (int)id)];
}
