// How good the model is on parts of the rows.
using System.Xml.Linq;
using Duet.Metrics.Slices;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Accuracy by the values of columns and by which inputs a product has, and how far the parts lie apart.</summary>
internal sealed class SlicesSection : IReportSection
{
    // More lines than this are a wall; the table below has them all.
    private const int MostDrawn = 12;

    /// <inheritdoc/>
    public string Id => "slices";

    /// <inheritdoc/>
    public string Title => "Slices";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { Report: var report })
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        var number = 0;
        foreach (var (column, slices) in report.Slices ?? new Dictionary<string, ColumnSlices>(StringComparer.Ordinal))
        {
            yield return Html.Of("h3", Heading(column));
            if (slices.Rows.Count < 2)
            {
                yield return Html.Paragraph("All products are alike: ", Html.Given(slices.Rows.Keys.FirstOrDefault() ?? Words.None), ".");
                continue;
            }

            var at = number;
            yield return Html.Of("div.charts", slices.Tasks.Select((task, i) => Chart($"slices-{at}-{i}", column, task.Key, TaskStyle.Of(data.Run.Schema, task.Key), task.Value)));
            if (slices.Spread.Count > 0)
            {
                yield return Spread(column, slices);
            }

            number++;
        }

        yield return Html.Absent(
            "By any other column, such as language, brand or shop:", ShellCommand.Of("duet", "report", data.Run.Folder.Path, "--data", Wanted.Table(data), "--slice", "COLUMN"));
    }

    private static object Heading(string column) =>
        string.Equals(column, ColumnSlices.Inputs, StringComparison.Ordinal) ? "By what is there of a product" : new object[] { "By ", Html.Given(column) };

    private static XElement Chart(string id, string column, string task, string style, IReadOnlyDictionary<string, SliceFigures> slices)
    {
        var rows = slices.Where(slice => slice.Value.N > 0).Take(MostDrawn)
            .Select(slice => new ForestRow(slice.Key, slice.Value.Accuracy, slice.Value.AccuracyInterval?.Low, slice.Value.AccuracyInterval?.High) { Style = style }).ToList();
        var (worst, best) = (rows.MinBy(row => row.Value), rows.MaxBy(row => row.Value));
        return new ForestChart
        {
            Id = id,
            Title = task,
            Description = worst is null || best is null
                ? "No product is labelled."
                : $"{Words.Count(rows.Count, "slice", "slices")}; accuracy is lowest for {worst.Name} with {Words.Percent(worst.Value)} and highest for {best.Name} with {Words.Percent(best.Value)}.",
            Scale = Axis.Over("accuracy", rows.SelectMany(row => row.Values), value => Words.WholePercent(value), floor: 0, ceiling: 1),
            Rows = rows,
            Numbers = Numbers(column, task, slices),
            Note = slices.Count > MostDrawn ? $"The {MostDrawn} largest of {Words.Count(slices.Count)}." : null,
        }.Draw();
    }

    private static XElement Numbers(string column, string task, IReadOnlyDictionary<string, SliceFigures> slices) => Html.Table(
        $"{task} by {column}, the largest slice first; intervals are exact (Clopper-Pearson)",
        [
            Html.ColumnHead("slice"), Html.ColumnHead("rows", number: true), Html.ColumnHead("accuracy", number: true), Html.ColumnHead("95 % interval", number: true),
            Html.ColumnHead("macro F1", number: true), Html.ColumnHead("calibration error", number: true),
        ],
        slices.Select(IEnumerable<XElement> (slice) =>
        [
            Html.RowHead(Html.Given(slice.Key)),
            Html.Number(Words.Count(slice.Value.N)),
            Html.Of("td.number.strong", Words.Percent(slice.Value.Accuracy)),
            Html.Number(slice.Value.AccuracyInterval is { } interval ? Words.Range(interval.Low, interval.High) : Words.None),
            Html.Number(Words.Percent(slice.Value.MacroF1)),
            Html.Number(Words.Decimal(slice.Value.Ece)),
        ]));

    private static XElement Spread(string column, ColumnSlices slices) => Html.Table(
        $"How far the slices by {column} lie apart; those with at least {ColumnSlices.FewestRows} labelled rows count",
        [
            Html.ColumnHead("task"), Html.ColumnHead("slices", number: true), Html.ColumnHead("lowest"), Html.ColumnHead("highest"),
            Html.ColumnHead("range, points", number: true), Html.ColumnHead("standard deviation, points", number: true),
        ],
        slices.Spread.Select(IEnumerable<XElement> (task) =>
        [
            Html.RowHead(Html.Given(task.Key)),
            Html.Number(Words.Count(task.Value.Slices)),
            Html.Of("td", Html.Given(task.Value.Lowest)),
            Html.Of("td", Html.Given(task.Value.Highest)),
            Html.Of("td.number.strong", Words.Short(Math.Round(100 * task.Value.Range, 1))),
            Html.Number(Words.Short(Math.Round(100 * task.Value.Deviation, 1))),
        ]));
}
