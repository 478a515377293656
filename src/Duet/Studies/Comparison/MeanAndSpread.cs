// A figure over several seeds.
namespace Duet.Studies.Comparison;

/// <summary>The mean of a figure over seeds and how far it spreads.</summary>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Deviation">The sample standard deviation (divided by n - 1); null for a single value.</param>
/// <param name="Count">The number of values n.</param>
public sealed record MeanAndSpread(double Mean, double? Deviation, int Count)
{
    /// <summary>Of some values; null where there are none.</summary>
    public static MeanAndSpread? Of(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var all = values.ToArray();
        if (all.Length == 0)
        {
            return null;
        }

        var mean = all.Average();
        return new MeanAndSpread(
            mean,
            all.Length == 1 ? null : Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1)),
            all.Length
        );
    }
}
