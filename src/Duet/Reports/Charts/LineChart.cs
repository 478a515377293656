// A chart of lines.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Charts;

/// <summary>Lines over a common axis: curves of training, of precision, of robustness.</summary>
internal sealed record LineChart : Chart
{
    private const int MostPoints = 240;

    // So few points are drawn as dots as well.
    private const int Sparse = 12;

    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Y { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Marked values of the horizontal axis.</summary>
    public IReadOnlyList<ChartMark> Upright { get; init; } = [];

    /// <summary>Marked values of the vertical axis.</summary>
    public IReadOnlyList<ChartMark> Across { get; init; } = [];

    /// <summary>How the values of the vertical axis are written under the chart; as its ticks where null.</summary>
    public Func<double, string>? Precise { get; init; }

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        var plot = new Plot(X, Y, Names: Upright.Count > 0);
        return Figure(
            Plot.Height,
            [.. Series.Select((series, i) => (series.Name, Style(series, i)))],
            Numbers(),
            plot.Frame(),
            Across.SelectMany(plot.Across),
            Upright.SelectMany(plot.Upright),
            Series.SelectMany((series, i) => Lines(plot, ChartFigure.Thin(series.Points, MostPoints), Style(series, i))));
    }

    // A line that stands alone needs no dashes to be told from others.
    private string Style(ChartSeries series, int place) => $"{series.Style ?? ChartFigure.Style(place)}{(Series.Count == 1 ? " alone" : string.Empty)}";

    private static IEnumerable<XElement> Lines(Plot plot, IReadOnlyList<ChartPoint> points, string style)
    {
        foreach (var point in points)
        {
            if (point is { Low: { } low, High: { } high })
            {
                yield return Svg.Line($"whisker {style}", plot.AtX(point.X), plot.AtY(low), plot.AtX(point.X), plot.AtY(high));
            }
        }

        yield return Svg.Path($"line {style}", points.Select(((double X, double Y)? (point) => double.IsFinite(point.Y) ? (plot.AtX(point.X), plot.AtY(point.Y)) : null)));
        foreach (var point in points.Where(point => points.Count <= Sparse && double.IsFinite(point.Y)))
        {
            yield return Svg.Dot($"dot {style}", plot.AtX(point.X), plot.AtY(point.Y), 3);
        }
    }

    private XElement Numbers()
    {
        var format = Precise ?? Y.Format;
        var columns = Series.Select(series => series.Points.GroupBy(point => point.X).ToDictionary(points => points.Key, points => points.Last().Y)).ToArray();
        var all = columns.SelectMany(column => column.Keys).Distinct().Order().ToList();
        return Html.Table(
            all.Count > ChartFigure.MostRows ? $"{Title}: {ChartFigure.MostRows} of {all.Count} values" : Title,
            [Html.ColumnHead(X.Label), .. Series.Select(series => Html.ColumnHead(Html.Given(Series.Count == 1 ? Y.Label : series.Name), number: true))],
            ChartFigure.Thin(all, ChartFigure.MostRows).Select(x => columns
                .Select(column => Html.Number(column.TryGetValue(x, out var y) && double.IsFinite(y) ? format(y) : Words.None))
                .Prepend(Html.RowHead(X.Format(x)))));
    }
}
