// Figures with their intervals below one another.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Charts;

/// <summary>
/// A forest plot (Lewis and Clarke 2001): one line per system, slice or task, a dot for the figure, whiskers for its interval, on a common axis. Names stand
/// above their lines, so that long ones fit a phone.
/// </summary>
internal sealed record ForestChart : Chart
{
    private const double Left = 8;
    private const double Right = 12;
    private const double LineHeight = 34;
    private const double Bottom = 36;

    // About as many letters fit above a line.
    private const int NameLetters = 50;

    /// <summary>The common axis.</summary>
    public required Axis Scale { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<ForestRow> Rows { get; init; }

    /// <summary>The same in numbers.</summary>
    public required XElement Numbers { get; init; }

    /// <summary>A marked value of the axis; null for none.</summary>
    public ChartMark? Mark { get; init; }

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        var floor = Top + (Rows.Count * LineHeight);
        return Figure(floor + Bottom, [], Numbers, Frame(floor), Rows.Select((row, i) => Line(row, Top + (i * LineHeight))));
    }

    // The name of a marked value has a line of its own, above all others.
    private double Top => Mark is null ? 4 : 20;

    private double At(double value) => Left + (Scale.Place(value) * (Plot.Width - Left - Right));

    private IEnumerable<XElement> Frame(double floor)
    {
        foreach (var tick in Scale.Ticks)
        {
            yield return Svg.Line("grid", At(tick), Top, At(tick), floor);
            var text = Scale.Format(tick);
            var half = text.Length * Plot.LetterWidth / 2;
            yield return Svg.Text("tick", Math.Clamp(At(tick), half, Plot.Width - half), floor + 14, "middle", text);
        }

        if (Mark is { } mark && mark.Value >= Scale.Low && mark.Value <= Scale.High)
        {
            var half = mark.Label.Length * Plot.LetterWidth / 2;
            yield return Svg.Line("mark", At(mark.Value), Top - 4, At(mark.Value), floor);
            yield return Svg.Text("mark-label", Math.Clamp(At(mark.Value), half, Plot.Width - half), Top - 8, "middle", mark.Label);
        }

        yield return Svg.Line("axis", Left, floor, Plot.Width - Right, floor);
        yield return Svg.Text("label", Plot.Width - Right, floor + 31, "end", Scale.Label);
    }

    private IEnumerable<XElement> Line(ForestRow row, double top)
    {
        var middle = top + 22;
        yield return Svg.Text(row.IsOwn ? "name own" : "name", Left, top + 12, "start", Words.Cut(row.Name, NameLetters));
        if (row is { Low: { } low, High: { } high })
        {
            yield return Svg.Line($"whisker {row.Style}", At(low), middle, At(high), middle);
        }

        foreach (var single in row.Single)
        {
            yield return Svg.Dot("single", At(single), middle, 2);
        }

        yield return row.Value is { } value ? Svg.Dot($"dot {row.Style}", At(value), middle, 4) : Svg.Text("tick", Left, middle + 4, "start", Words.None);
    }
}
