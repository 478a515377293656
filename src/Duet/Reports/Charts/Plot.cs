// The frame of a chart: axes, ticks, labels, and the way from values to places.
using System.Xml.Linq;

namespace Duet.Reports.Charts;

/// <summary>The plotting area of a chart. Drawn about as wide as a phone, so that its letters are legible there and never grow far beyond that.</summary>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Names">Whether there is a line above the area for the names of upright marks.</param>
internal sealed record Plot(Axis X, Axis Y, bool Names = false)
{
    /// <summary>Width of the drawing.</summary>
    public const double Width = 340;

    /// <summary>Height of the drawing.</summary>
    public const double Height = 232;

    /// <summary>About so much room a letter of a tick takes.</summary>
    public const double LetterWidth = 7;

    private const double Left = 46;
    private const double Right = 12;
    private const double Bottom = 38;

    // From the end of a name to its sample of the mark's line, and the sample's length.
    private const double Space = 5;
    private const double Sample = 18;

    private double Top => Names ? 36 : 22;

    /// <summary>The lower edge of the plotting area.</summary>
    public static double Floor => Height - Bottom;

    /// <summary>From a value to a horizontal place.</summary>
    public double AtX(double value) => Left + (X.Place(value) * (Width - Left - Right));

    /// <summary>From a value to a vertical place.</summary>
    public double AtY(double value) => Floor - (Y.Place(value) * (Floor - Top));

    /// <summary>Grid, ticks and labels.</summary>
    public IEnumerable<XElement> Frame()
    {
        foreach (var tick in Y.Ticks)
        {
            yield return Svg.Line("grid", Left, AtY(tick), Width - Right, AtY(tick));
            yield return Svg.Text("tick", Left - 6, AtY(tick) + 4, "end", Y.Format(tick));
        }

        yield return Svg.Line("axis", Left, Floor, Width - Right, Floor);
        var end = double.NegativeInfinity;
        foreach (var tick in X.Ticks)
        {
            var (text, at) = (X.Format(tick), AtX(tick));
            var half = text.Length * LetterWidth / 2;
            if (at - half > end)
            {
                yield return Svg.Line("axis", at, Floor, at, Floor + 4);
                yield return Svg.Text("tick", Math.Min(at, Width - half), Floor + 16, "middle", text);
                end = at + half + 4;
            }
        }

        yield return Svg.Text("label", Left, 11, "start", Y.Label);
        yield return Svg.Text("label", Width - Right, Height - 4, "end", X.Label);
    }

    /// <summary>A horizontal line across the area at a value. It is named above the area, beside a sample of it, where no curve can come.</summary>
    public IEnumerable<XElement> Across(ChartMark mark)
    {
        const double end = Width - Right;
        yield return Svg.Line("mark", Left, AtY(mark.Value), end, AtY(mark.Value));
        yield return Svg.Text("mark-label", end - Sample - Space, 11, "end", mark.Label);
        yield return Svg.Line("mark", end - Sample, 7, end, 7);
    }

    /// <summary>A vertical line at a value, named above its upper end, where no curve can come.</summary>
    public IEnumerable<XElement> Upright(ChartMark mark)
    {
        var at = AtX(mark.Value);
        var half = mark.Label.Length * LetterWidth / 2;
        yield return Svg.Line("mark", at, Top - 5, at, Floor);
        yield return Svg.Text("mark-label", Math.Clamp(at, half, Width - half), Top - 9, "middle", mark.Label);
    }
}
