// Noise on 8-bit samples, for training and for spoiling pictures on purpose.

namespace Duet.Vision;

/// <summary>Independent normal noise on every sample.</summary>
internal static class GaussianNoise
{
    /// <summary>Adds noise; results are rounded and stay within 0 to 255.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="deviation">The standard deviation, in steps of a sample.</param>
    /// <param name="random">The draws.</param>
    /// <param name="result">As many samples; may be <paramref name="samples"/> itself.</param>
    public static void Add(ReadOnlySpan<byte> samples, double deviation, ref CounterRandom random, Span<byte> result)
    {
        for (var i = 0; i < samples.Length; i += 2)
        {
            // Box and Muller's pair of normal numbers; 1 - u keeps the logarithm finite.
            var radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            result[i] = byte.CreateSaturating(Math.Round(samples[i] + (radius * cos)));
            if (i + 1 < samples.Length)
            {
                result[i + 1] = byte.CreateSaturating(Math.Round(samples[i + 1] + (radius * sin)));
            }
        }
    }
}
