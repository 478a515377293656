// A reliability diagram.
using System.Xml.Linq;
using Duet.Metrics;
using Duet.Reports.Markup;

namespace Duet.Reports.Charts;

/// <summary>
/// How often predictions of each confidence are right (Niculescu-Mizil and Caruana 2005, Guo et al. 2017): bars against the diagonal that a
/// perfectly calibrated model would follow. The paler a bar, the fewer predictions stand behind it.
/// </summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">What the chart shows.</param>
/// <param name="Bins">The bins, empty ones included.</param>
/// <param name="Style">The class of its colour.</param>
/// <param name="Note">What one should know to read it.</param>
internal sealed record ReliabilityChart(string Id, string Title, IReadOnlyList<ReliabilityBin> Bins, string Style, string? Note = null)
{
    private static readonly double[] Ticks = [0, 0.25, 0.5, 0.75, 1];

    // Bins that hold less than these shares of the fullest one are drawn paler, in two steps.
    private const double Few = 0.02;
    private const double Some = 0.1;

    /// <summary>Draws the chart.</summary>
    public XElement Draw()
    {
        var plot = new Plot(
            new Axis("confidence", 0, 1, Ticks, value => Words.WholePercent(value)), new Axis("right", 0, 1, Ticks, value => Words.WholePercent(value)));
        var filled = Bins.Where(bin => bin.Count > 0).ToList();
        var most = filled.Count == 0 ? 1 : filled.Max(bin => bin.Count);
        var drawing = Svg.Image(
            Id,
            Plot.Width,
            Plot.Height,
            Title,
            Describe(filled),
            plot.Frame(),
            filled.Select(bin => Svg.Box(
                $"pale {Style}{(bin.Count < Few * most ? " few" : bin.Count < Some * most ? " some" : string.Empty)}",
                plot.AtX(bin.Low) + 1,
                plot.AtY(bin.Accuracy),
                plot.AtX(bin.High) - plot.AtX(bin.Low) - 2,
                Plot.Floor - plot.AtY(bin.Accuracy))),
            Svg.Line("ideal", plot.AtX(0), plot.AtY(0), plot.AtX(1), plot.AtY(1)),
            filled.Select(bin => Svg.Dot("point", plot.AtX(bin.Confidence), plot.AtY(bin.Accuracy), 2.5)));
        return ChartFigure.Of(Title, drawing, [], Numbers(filled), Note);
    }

    private static string Describe(List<ReliabilityBin> filled) => filled.Count == 0
        ? "There are no predictions."
        : $"{filled.Count} bars of confidence. {filled.Count(bin => bin.Accuracy >= bin.Confidence)} reach the diagonal or rise above it (sure enough or too careful), {filled.Count(bin => bin.Accuracy < bin.Confidence)} stay below (too sure).";

    private XElement Numbers(List<ReliabilityBin> filled) => Html.Table(
        Title,
        [Html.ColumnHead("confidence"), Html.ColumnHead("predictions", number: true), Html.ColumnHead("mean confidence", number: true), Html.ColumnHead("right", number: true)],
        filled.Select(IEnumerable<XElement> (bin) =>
        [
            Html.RowHead($"{Words.WholePercent(bin.Low)} to {Words.WholePercent(bin.High)}"),
            Html.Number(Words.Count(bin.Count)),
            Html.Number(Words.Percent(bin.Confidence)),
            Html.Number(Words.Percent(bin.Accuracy)),
        ]));
}
