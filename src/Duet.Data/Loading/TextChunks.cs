// Long texts read in pieces: every piece goes through the model with its product's picture, and the results are averaged.
namespace Duet.Data;

/// <summary>Runs a batch and the further pieces of its long texts, and pools what comes out.</summary>
internal static class TextChunks
{
    /// <summary>Runs a batch; where it has further pieces of texts, each product's results are the mean over its pieces.</summary>
    /// <param name="host">The batch, with every text's first piece.</param>
    /// <param name="run">Computes on a batch of B products.</param>
    /// <param name="arrays">The arrays <c>[B, ...]</c> of a result; null for those it does not have. They are changed in place.</param>
    public static T Pool<T>(HostBatch host, Func<HostBatch, T> run, Func<T, IEnumerable<float[]?>> arrays)
    {
        var result = run(host);
        if (host.FurtherTexts.Count == 0)
        {
            return result;
        }

        var pieces = new int[host.Count];
        Array.Fill(pieces, 1);
        foreach (var (batch, owners) in Rounds(host))
        {
            foreach (var (sum, more) in arrays(result).Zip(arrays(run(batch))))
            {
                Add(sum, more, owners, host.Count);
            }

            Array.ForEach(owners, owner => pieces[owner]++);
        }

        foreach (var sum in arrays(result).OfType<float[]>())
        {
            var width = sum.Length / host.Count;
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] /= pieces[i / width];
            }
        }

        return result;
    }

    /// <summary>The second pieces of all texts, then the third ones, and so on: no batch is larger than the first.</summary>
    private static IEnumerable<(HostBatch Batch, int[] Owners)> Rounds(HostBatch host) =>
        host
            .FurtherTexts.GroupBy(piece => piece.Row)
            .SelectMany(pieces => pieces.Select((piece, round) => (piece, round)))
            .GroupBy(entry => entry.round, entry => entry.piece)
            .OrderBy(round => round.Key)
            .Select(round => (Select(host, [.. round]), round.Select(piece => piece.Row).ToArray()));

    private static HostBatch Select(HostBatch host, TextChunk[] pieces)
    {
        var picture = 3 * host.ImageSize * host.ImageSize;
        var length = pieces.Max(piece => piece.Ids.Length);
        var (pixels, ids) = (new byte[pieces.Length * picture], new long[pieces.Length * length]);
        for (var i = 0; i < pieces.Length; i++)
        {
            host.Pixels.AsSpan(pieces[i].Row * picture, picture).CopyTo(pixels.AsSpan(i * picture));
            var tokens = pieces[i].Ids.Span;
            for (var j = 0; j < length; j++)
            {
                ids[(i * length) + j] = j < tokens.Length ? tokens[j] : host.PaddingId;
            }
        }

        return new HostBatch(pixels)
        {
            Count = pieces.Length,
            ImageSize = host.ImageSize,
            ContextLength = length,
            TokenIds = ids,
            TextLengths = [.. pieces.Select(piece => piece.Ids.Length)],
            ImagePresent = [.. pieces.Select(piece => host.ImagePresent[piece.Row])],
            TextPresent = [.. pieces.Select(piece => host.TextPresent[piece.Row])],
            Features = [.. pieces.SelectMany(piece => FeaturesOf(host, piece.Row))],
            Labels = [],
            Rows = [.. pieces.Select(piece => host.Rows[piece.Row])],
            Ids = [.. pieces.Select(piece => host.Ids[piece.Row])],
        };
    }

    private static long[] FeaturesOf(HostBatch host, int row)
    {
        var count = host.Features.Length / host.Count;
        return host.Features[(row * count)..((row + 1) * count)];
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
