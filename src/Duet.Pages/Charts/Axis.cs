// One direction of a chart: from where to where, and which values are written beside it.
namespace Duet.Pages.Charts;

/// <summary>An axis.</summary>
/// <param name="Label">What is measured, with its unit.</param>
/// <param name="Low">The value at its beginning.</param>
/// <param name="High">The value at its end, above <paramref name="Low"/>.</param>
/// <param name="Ticks">The values that are written.</param>
/// <param name="Format">How they are written.</param>
public sealed record Axis(string Label, double Low, double High, IReadOnlyList<double> Ticks, Func<double, string> Format)
{
    /// <summary>An axis with round ticks that covers some values.</summary>
    /// <param name="label">What is measured.</param>
    /// <param name="values">The values; those that are no number do not count.</param>
    /// <param name="format">How ticks are written.</param>
    /// <param name="floor">The lowest value there can be; the axis never goes below it.</param>
    /// <param name="ceiling">The highest value there can be.</param>
    /// <param name="leastStep">The smallest distance between ticks: 1 where there is nothing between whole numbers.</param>
    public static Axis Over(
        string label,
        IEnumerable<double> values,
        Func<double, string> format,
        double floor = double.NegativeInfinity,
        double ceiling = double.PositiveInfinity,
        double leastStep = 0
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        var finite = values.Where(double.IsFinite).ToArray();
        var (low, high) = finite.Length == 0 ? (0.0, 1.0) : (finite.Min(), finite.Max());
        if (high - low < 1e-9)
        {
            // A single value still needs an axis of some length.
            var room = Math.Max(Math.Abs(high) * 0.05, 0.01);
            (low, high) = (low - room, high + room);
        }

        var step = Math.Max(Step((high - low) / 4), leastStep);
        low = Math.Max(Math.Floor((low / step) + 1e-9) * step, floor);
        high = Math.Min(Math.Ceiling((high / step) - 1e-9) * step, ceiling);
        if (high - low < 1e-9)
        {
            (low, high) = double.IsFinite(ceiling) ? (ceiling - step, ceiling) : (low, low + step);
        }

        var first = (long)Math.Ceiling((low / step) - 1e-6);
        var last = (long)Math.Floor((high / step) + 1e-6);
        return new Axis(label, low, high, [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * step)], format);
    }

    /// <summary>An axis of fractions, written in whole percent.</summary>
    /// <param name="label">What is measured.</param>
    /// <param name="values">The values, 0 to 1; those that are no number do not count.</param>
    public static Axis OfFractions(string label, IEnumerable<double> values) =>
        Over(label, values, Pages.Format.WholePercent, floor: 0, ceiling: 1);

    /// <summary>Where a value lies on the axis, 0 to 1; values beyond the ends are put at the ends.</summary>
    public double Place(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);

    // 1, 2 or 5 times a power of ten.
    private static double Step(double about)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(about)));
        return (about / power) switch
        {
            <= 1.0001 => power,
            <= 2.0001 => 2 * power,
            <= 5.0001 => 5 * power,
            _ => 10 * power,
        };
    }
}
