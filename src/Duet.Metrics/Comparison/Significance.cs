// Whether a difference between two systems on the same rows is more than luck.

namespace Duet.Metrics;

/// <summary>Paired tests.</summary>
public static class Significance
{
    /// <summary>
    /// McNemar's test (McNemar 1947) in its exact form: of the rows on which just one system is right, the number won by either is
    /// binomial with chance 1/2 if both are equally good; p = min(1, 2 P(X &lt;= the smaller number)).
    /// </summary>
    /// <param name="first">Whether the first system is right, row by row.</param>
    /// <param name="second">The same rows for the second.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static McNemarResult McNemar(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        CheckPairs(first.Length, second.Length);
        long onlyFirst = 0,
            onlySecond = 0;
        for (var i = 0; i < first.Length; i++)
        {
            onlyFirst += first[i] && !second[i] ? 1 : 0;
            onlySecond += second[i] && !first[i] ? 1 : 0;
        }

        var tail = LowerHalfBinomial(onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));
        return new McNemarResult(onlyFirst, onlySecond, Math.Min(1, 2 * tail));
    }

    /// <summary>
    /// The paired bootstrap (Efron and Tibshirani 1993; Koehn 2004): the same drawn rows for both systems, the figure's difference on each
    /// draw. p = 2 min(share of draws at or below 0, at or above 0), with one draw added to each so that it is never 0.
    /// </summary>
    /// <param name="rows">The number of rows both were scored on.</param>
    /// <param name="first">The first system's figure on drawn rows.</param>
    /// <param name="second">The second system's.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="resamples">The number of draws, at least 100.</param>
    /// <param name="level">The coverage of the interval, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static PairedDifference PairedBootstrap(
        int rows,
        Func<int[], double> first,
        Func<int[], double> second,
        int seed,
        int resamples = Bootstrap.DefaultResamples,
        double level = 0.95
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double Difference(int[] drawn) => first(drawn) - second(drawn);
        var interval = Bootstrap.Interval(rows, Difference, seed, resamples, level);
        var draws = Bootstrap.Draws(rows, Difference, seed, resamples);
        var below = draws.Count(value => value <= 0) + 1;
        var above = draws.Count(value => value >= 0) + 1;
        return new PairedDifference(interval, Math.Min(1, 2.0 * Math.Min(below, above) / (draws.Length + 1)));
    }

    /// <summary>The paired bootstrap of the difference of two means, for instance of two accuracies.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static PairedDifference PairedBootstrap(
        double[] first,
        double[] second,
        int seed,
        int resamples = Bootstrap.DefaultResamples,
        double level = 0.95
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        CheckPairs(first.Length, second.Length);
        return PairedBootstrap(
            first.Length,
            rows => Bootstrap.MeanOf(first, rows),
            rows => Bootstrap.MeanOf(second, rows),
            seed,
            resamples,
            level
        );
    }

    // P(X <= k) for X ~ Binomial(n, 1/2), in logarithms because 2^-n underflows.
    private static double LowerHalfBinomial(long n, long k)
    {
        var logTerm = -n * Math.Log(2);
        for (long i = 1; i <= k; i++)
        {
            logTerm += Math.Log(n - i + 1) - Math.Log(i);
        }

        // From the largest term downwards: C(n, i - 1) = C(n, i) i / (n - i + 1).
        double sum = 0,
            ratio = 1;
        for (var i = k; i >= 0 && ratio > 1e-18; i--)
        {
            sum += ratio;
            ratio *= (double)i / (n - i + 1);
        }

        return Math.Exp(logTerm) * sum;
    }

    private static void CheckPairs(int first, int second)
    {
        if (first != second)
        {
            throw new ArgumentException($"{first} and {second} rows do not pair up.", nameof(second));
        }
    }
}

/// <summary>Two systems on the same rows.</summary>
/// <param name="OnlyFirst">Rows that only the first has right.</param>
/// <param name="OnlySecond">Rows that only the second has right.</param>
/// <param name="PValue">The chance of a split at least this uneven if both were equally good (two-sided, exact).</param>
public sealed record McNemarResult(long OnlyFirst, long OnlySecond, double PValue);
