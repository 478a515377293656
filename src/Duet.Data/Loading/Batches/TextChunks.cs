// Long texts read in pieces: every piece goes through the model with its product's picture, and the results are averaged.
namespace Duet.Data;

/// <summary>Runs a batch and the further pieces of its long texts, and pools what comes out.</summary>
internal static class TextChunks
{
    /// <summary>Runs a batch; where it has further pieces of texts, each product's results are the mean over its pieces.</summary>
    /// <param name="batch">The batch, with every text's first piece.</param>
    /// <param name="run">Computes on a batch of B products.</param>
    /// <param name="arrays">The arrays <c>[B, ...]</c> of a result; null for those it does not have. They are changed in place.</param>
    public static T Pool<T>(ProductBatch batch, Func<ProductBatch, T> run, Func<T, IEnumerable<float[]?>> arrays)
    {
        var result = run(batch);
        if (batch.Products.All(product => product.FurtherTokens.Count == 0))
        {
            return result;
        }

        foreach (var (pieces, owners) in Rounds(batch))
        {
            foreach (var (sum, more) in arrays(result).Zip(arrays(run(pieces))))
            {
                Add(sum, more, owners, batch.Count);
            }
        }

        foreach (var sum in arrays(result).OfType<float[]>())
        {
            var width = sum.Length / batch.Count;
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] /= 1 + batch.Products[i / width].FurtherTokens.Count;
            }
        }

        return result;
    }

    // The second pieces of all texts, then the third ones, and so on: no batch is larger than the first.
    private static IEnumerable<(ProductBatch Pieces, int[] Owners)> Rounds(ProductBatch batch)
    {
        for (var round = 0; ; round++)
        {
            int[] owners = [.. Enumerable.Range(0, batch.Count).Where(row => batch.Products[row].FurtherTokens.Count > round)];
            if (owners.Length == 0)
            {
                yield break;
            }

            var piece = round;
            yield return (batch.Select(owners, product => product with { TokenIds = product.FurtherTokens[piece] }), owners);
        }
    }

    private static void Add(float[]? sum, float[]? more, int[] owners, int count)
    {
        if (sum is null || more is null)
        {
            return;
        }

        var width = sum.Length / count;
        for (var i = 0; i < owners.Length; i++)
        {
            for (var j = 0; j < width; j++)
            {
                sum[(owners[i] * width) + j] += more[(i * width) + j];
            }
        }
    }
}
