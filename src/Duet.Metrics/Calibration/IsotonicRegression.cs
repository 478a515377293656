// The best rising curve through points.
namespace Duet.Metrics.Calibration;

/// <summary>
/// Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002 for calibration): the non-decreasing values
/// with the least squared distance to the outcomes. Between the means of neighbouring pools the curve is straight.
/// </summary>
public static class IsotonicRegression
{
    /// <summary>Fits.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="right">The outcomes.</param>
    /// <returns>Knots: mean scores, rising, and the share of right ones in each pool, not falling.</returns>
    /// <exception cref="ArgumentException">The lists are empty or differ in length.</exception>
    public static (double[] Scores, double[] Shares) Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        if (scores.Length == 0 || scores.Length != right.Length)
        {
            throw new ArgumentException($"{scores.Length} scores and {right.Length} outcomes cannot be fitted.", nameof(scores));
        }

        var keys = scores.ToArray();
        var outcomes = right.ToArray();
        Array.Sort(keys, outcomes);
        var pools = new List<Pool>();
        for (var i = 0; i < keys.Length; i++)
        {
            pools.Add(new Pool(keys[i], outcomes[i] ? 1 : 0, 1, keys[i]));

            // Equal scores belong together even where their outcomes rise.
            while (pools is [.., var before, var after] && (before.Share >= after.Share || before.Last.Equals(keys[i])))
            {
                pools[^2] = new Pool(before.ScoreSum + after.ScoreSum, before.Right + after.Right, before.Count + after.Count, after.Last);
                pools.RemoveAt(pools.Count - 1);
            }
        }

        return ([.. pools.Select(pool => pool.ScoreSum / pool.Count)], [.. pools.Select(pool => pool.Share)]);
    }

    /// <summary>The curve at a score; flat beyond its ends.</summary>
    public static double At(IReadOnlyList<double> scores, IReadOnlyList<double> shares, double score)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(shares);
        var (low, high) = (0, scores.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = scores[middle] <= score ? (middle + 1, high) : (low, middle);
        }

        if (low == 0 || low == scores.Count)
        {
            return shares[Math.Clamp(low, 1, scores.Count) - 1];
        }

        var width = scores[low] - scores[low - 1];
        return shares[low - 1] + ((score - scores[low - 1]) / width * (shares[low] - shares[low - 1]));
    }

    private readonly record struct Pool(double ScoreSum, double Right, int Count, double Last)
    {
        public double Share => Right / Count;
    }
}
