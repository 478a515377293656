// How the model bears spoilt inputs.
using System.Xml.Linq;
using Duet.Studies.Robustness;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Accuracy and the picture's share under ever stronger noise, pictures and texts apart; every strength behind a fold.</summary>
internal sealed class RobustnessSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "robustness";

    /// <inheritdoc/>
    public string Title => "Robustness";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Robustness is not { } report)
        {
            yield return Html.Absent("No inputs were spoilt yet. To see how accuracy and shares bear noise, wrong and missing inputs:", Wanted.Command(data, "robustness", "--split", "test"));
            yield break;
        }

        yield return Html.Paragraph($"Means over tasks on {Words.Count(report.Clean.N, "product", "products")}, accuracy {Words.Percent(report.Clean.MeanAccuracy)} as they are{(report.Complete ? string.Empty : "; the sweep was interrupted")}.");
        yield return Html.Of("div.charts", Charts(report));
        yield return Html.Of("p.note", "0 is the product as it is; 1 the mildest strength. What a strength measures differs from kind to kind and stands in the table.");
        yield return Html.Folded("Every strength", Strengths(report));
    }

    private static IEnumerable<XElement> Charts(RobustnessReport report)
    {
        foreach (var (modality, name) in ((string, string)[])[("image", "Spoilt pictures"), ("text", "Spoilt texts")])
        {
            var curves = report.Curves.Where(curve => string.Equals(curve.Modality, modality, StringComparison.Ordinal)).ToList();
            if (curves.Count == 0)
            {
                continue;
            }

            yield return Chart($"robust-{modality}", $"{name}: accuracy", "mean accuracy", report.Clean, curves, point => point.MeanAccuracy);
            if (report.Clean.MeanImageShare is not null)
            {
                yield return Chart($"robust-{modality}-share", $"{name}: the picture's share", "picture's share", report.Clean, curves, point => point.MeanImageShare);
            }
        }
    }

    private static XElement Chart(string id, string title, string label, RobustnessPoint clean, List<RobustnessCurve> curves, Func<RobustnessPoint, double?> figure)
    {
        var series = curves.ConvertAll(curve => new ChartSeries(
            Words.Plain(curve.Corruption), [.. curve.Points.Prepend(clean).Select((point, i) => new ChartPoint(i, figure(point) ?? double.NaN))]));
        var most = Math.Max(1, curves.Max(curve => curve.Points.Count));
        var worst = series.MinBy(line => line.Points[^1].Y)!;
        return new LineChart
        {
            Id = id,
            Title = title,
            Description = $"{curves.Count} kinds of noise. From {Words.Percent(figure(clean))} as they are; lowest at the strongest noise is {worst.Name} with {Words.Percent(worst.Points[^1].Y)}.",
            X = new Axis("strength, mild to strong", 0, most, [.. Enumerable.Range(0, most + 1).Select(i => (double)i)], Words.Short),
            Y = Axis.Over(label, series.SelectMany(line => line.Points).Select(point => point.Y), value => Words.WholePercent(value), floor: 0, ceiling: 1),
            Series = series,
            Precise = value => Words.Percent(value),
        }.Draw();
    }

    private static XElement Strengths(RobustnessReport report) => Html.Table(
        "Accuracy and the picture's share by kind and strength, means over tasks",
        [
            Html.ColumnHead("spoilt"), Html.ColumnHead("kind"), Html.ColumnHead("strength", number: true), Html.ColumnHead("which measures"),
            Html.ColumnHead("accuracy", number: true), Html.ColumnHead("change, points", number: true), Html.ColumnHead("picture's share", number: true),
        ],
        report.Curves.SelectMany(curve => curve.Points.Select(IEnumerable<XElement> (point) =>
        [
            Html.RowHead(string.Equals(curve.Modality, "image", StringComparison.Ordinal) ? "picture" : "text"),
            Html.Of("td", Html.Given(Words.Plain(curve.Corruption))),
            Html.Number(point.Strength is { } strength ? Words.Short(strength) : Words.None),
            Html.Of("td", Html.Given(curve.Unit)),
            Html.Number(Words.Percent(point.MeanAccuracy)),
            Html.Number(point.MeanAccuracy - report.Clean.MeanAccuracy is { } change ? Words.Points(change) : Words.None),
            Html.Number(Words.Percent(point.MeanImageShare)),
        ])));
}
