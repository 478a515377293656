// Steps per second.
using System.Diagnostics;

namespace Duet.Benchmarks;

/// <summary>Times a step again and again.</summary>
internal static class Rate
{
    private const int WarmUp = 3;

    /// <summary>Samples per second, after a few steps that pay for memory and kernels.</summary>
    /// <param name="step">One step.</param>
    /// <param name="samples">The samples of a step.</param>
    /// <param name="seconds">How long to measure.</param>
    public static double Of(Action step, long samples, double seconds)
    {
        for (var warm = 0; warm < WarmUp; warm++)
        {
            step();
        }

        var clock = Stopwatch.StartNew();
        var steps = 0L;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            step();
            steps++;
        }

        return steps * samples / clock.Elapsed.TotalSeconds;
    }

    /// <summary>The value in the middle.</summary>
    public static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
