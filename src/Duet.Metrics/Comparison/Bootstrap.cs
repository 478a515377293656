// Uncertainty by resampling rows.

namespace Duet.Metrics;

/// <summary>
/// The percentile bootstrap (Efron and Tibshirani 1993, chapter 13): rows are drawn with replacement, the figure is computed on each draw,
/// and the interval is taken between percentiles of the results. The same seed gives the same interval.
/// </summary>
public static class Bootstrap
{
    /// <summary>The usual number of draws.</summary>
    public const int DefaultResamples = 1000;

    /// <summary>An interval for any figure.</summary>
    /// <param name="rows">The number of rows to draw from, at least 1.</param>
    /// <param name="figure">Computes the figure from row numbers (with repeats). Draws on which it is NaN are left out.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="resamples">The number of draws, at least 100: fewer make the bounds meaningless.</param>
    /// <param name="level">The coverage, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ConfidenceInterval Interval(
        int rows,
        Func<int[], double> figure,
        int seed,
        int resamples = DefaultResamples,
        double level = 0.95
    )
    {
        ArgumentNullException.ThrowIfNull(figure);
        if (!(level > 0 && level < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level must be between 0 and 1.");
        }

        var draws = Draws(rows, figure, seed, resamples);
        var tail = (1 - level) / 2;
        return new ConfidenceInterval(figure([.. Enumerable.Range(0, rows)]), Quantile(draws, tail), Quantile(draws, 1 - tail), level);
    }

    /// <summary>An interval for the mean of values, for instance of 0 and 1 for wrong and right.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no values, or a number is out of its range.</exception>
    public static ConfidenceInterval MeanInterval(double[] values, int seed, int resamples = DefaultResamples, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Interval(values.Length, rows => MeanOf(values, rows), seed, resamples, level);
    }

    /// <summary>The figure on each draw, ascending, without NaN.</summary>
    internal static double[] Draws(int rows, Func<int[], double> figure, int seed, int resamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        var random = new Random(seed);
        var drawn = new int[rows];
        var results = new List<double>(resamples);
        for (var i = 0; i < resamples; i++)
        {
            for (var j = 0; j < rows; j++)
            {
                drawn[j] = random.Next(rows);
            }

            var value = figure(drawn);
            if (!double.IsNaN(value))
            {
                results.Add(value);
            }
        }

        results.Sort();
        return [.. results];
    }

    internal static double MeanOf(double[] values, int[] rows)
    {
        double sum = 0;
        foreach (var row in rows)
        {
            sum += values[row];
        }

        return sum / rows.Length;
    }

    // Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
    internal static double Quantile(double[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}

/// <summary>An interval that covers the true value with a stated probability.</summary>
/// <param name="Estimate">The figure on the data itself.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="Level">The coverage meant, for instance 0.95.</param>
public sealed record ConfidenceInterval(double Estimate, double Low, double High, double Level);
