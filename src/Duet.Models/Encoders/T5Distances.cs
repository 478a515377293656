// T5's buckets of distances between tokens.
namespace Duet.Models.Encoders;

/// <summary>
/// Which bucket the distance between two tokens falls into (Raffel et al., arXiv 1910.10683, section 2.1; <c>relative_position_bucket</c>
/// of mesh_tensorflow's transformer_layers.py, bidirectional). Half of the buckets are for keys behind the query. In each half, the first
/// half of buckets holds one distance each; the others grow logarithmically up to the longest distance, and everything farther is in the
/// last.
/// </summary>
public static class T5Distances
{
    /// <summary>The bucket of a key's distance to its query.</summary>
    /// <param name="distance">The key's position minus the query's.</param>
    /// <param name="buckets">All buckets, a multiple of 4.</param>
    /// <param name="maximumDistance">From which distance on all is equally far; more than a quarter of <paramref name="buckets"/>.</param>
    public static int Bucket(int distance, int buckets, int maximumDistance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 4);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maximumDistance, buckets / 4);
        var half = buckets / 2;
        var start = distance > 0 ? half : 0;
        var length = Math.Abs(distance);
        var exact = half / 2;
        if (length < exact)
        {
            return start + length;
        }

        // In single precision, as the published code computes it: a distance at a power of two must not fall short of its bucket by
        // rounding.
        var grown = MathF.Log(length / (float)exact) / (float)Math.Log(maximumDistance / (double)exact) * (half - exact);
        return start + Math.Min(exact + (int)grown, half - 1);
    }

    /// <summary>The buckets of all pairs, <c>[L, L]</c>: queries in rows, keys in columns.</summary>
    /// <param name="length">L.</param>
    /// <param name="buckets">All buckets.</param>
    /// <param name="maximumDistance">From which distance on all is equally far.</param>
    public static long[] Table(int length, int buckets, int maximumDistance)
    {
        var table = new long[length * length];
        for (var query = 0; query < length; query++)
        {
            for (var key = 0; key < length; key++)
            {
                table[(query * length) + key] = Bucket(key - query, buckets, maximumDistance);
            }
        }

        return table;
    }
}
