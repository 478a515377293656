// Whether answers can be accepted without a look.
using System.Xml.Linq;
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>The thresholds of a calibrated run, how much they accept, and whether their promise held on the rows that were measured.</summary>
internal sealed class CalibrationSection : IReportSection
{
    // The axis goes on below the promise by at least so much, so that one can see what is kept and what is not.
    private const double RoomBelow = 0.05;

    /// <inheritdoc/>
    public string Id => "calibration";

    /// <inheritdoc/>
    public string Title => "Accepted or reviewed";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Run.Calibration is not { } calibration)
        {
            yield return Html.Absent("The run is not calibrated, so nothing is promised of its answers. To promise a precision:", Wanted.Command(data, "calibrate", "--split", "val", "--precision", "0.95"));
            yield break;
        }

        yield return Html.Paragraph(
            $"Promise: of the accepted answers {Words.Percent(calibration.Precision)} are right, task by task, with {Words.Percent(calibration.Confidence)} confidence. ",
            $"Made on {Words.Count(calibration.Rows, "product", "products")} of ",
            Html.Given(calibration.Split is { } split ? $"the split {split}" : calibration.Table.Length > 0 ? calibration.Table : "a table"),
            ".");
        if (data.Flattered is { } flattered)
        {
            yield return Html.Of("p.notice", flattered);
        }

        if (calibration.Certificates.Count == 0)
        {
            yield return Html.Of("p.notice", "An earlier Duet made the calibration without saying for which inputs it holds, so every answer needs review. Calibrate again.");
        }

        foreach (var certificate in calibration.Certificates)
        {
            yield return Thresholds(data.Run.Schema, certificate);
            foreach (var task in certificate.Tasks)
            {
                if (task.Classes is { } classes)
                {
                    yield return Classes($"{task.Task}, {certificate.Pattern}", classes);
                }
            }
        }

        if (data.Measured?.Report.Decisions is { Count: > 0 } decisions)
        {
            var lines = Lines(data.Run.Schema, decisions);
            yield return Kept(lines);
            yield return Html.Of("p.note", Promise.Meaning);
            yield return Html.Of("div.charts", Drawn(lines));
        }

        if (data.Measured?.Report.Novelty is { Count: > 0 } novelty)
        {
            yield return Unlike(novelty);
        }
    }

    // What is measured of a promise, line by line. A part of a task's rows is a line of its own: name it after the task, with the task's colour.
    private static List<PromiseLine> Lines(TaskSchema schema, IReadOnlyDictionary<string, DecisionFigures> decisions) =>
        [
            .. decisions.SelectMany(task => (task.Value.Patterns ?? Whole(task.Value)).Select(pattern =>
                new PromiseLine(pattern.Key.Length == 0 ? task.Key : $"{task.Key}, {pattern.Key}", TaskStyle.Of(schema, task.Key), pattern.Value))),
        ];

    // A report of before input patterns has the figures of all rows together.
    private static Dictionary<string, DecisionFigures> Whole(DecisionFigures figures) => new(StringComparer.Ordinal) { [string.Empty] = figures };

    private static XElement Unlike(IReadOnlyDictionary<string, NoveltyFigures> novelty) => Html.Table(
        "Products unlike the catalogue, all of whose answers need review",
        [
            Html.ColumnHead("inputs"), Html.ColumnHead("products", number: true), Html.ColumnHead("unlike", number: true), Html.ColumnHead("share", number: true),
            Html.ColumnHead("95 % interval", number: true), Html.ColumnHead("certified", number: true), Html.ColumnHead("verdict"),
        ],
        novelty.Select(IEnumerable<XElement> (inputs) =>
        [
            Html.RowHead(inputs.Key),
            Html.Number(Words.Count(inputs.Value.Rows)),
            Html.Number(Words.Count(inputs.Value.Outside)),
            Html.Of("td.number.strong", Words.Percent(inputs.Value.Share?.Estimate)),
            Html.Number(inputs.Value.Share is { } share ? Words.Range(share.Low, share.High) : Words.None),
            Html.Number(Words.Percent(inputs.Value.Certified.Estimate)),
            Html.Of("td", inputs.Value.Shifted ? Html.Of("span.wrong", "these products have changed") : Html.Of("span", "as certified")),
        ]));

    private static XElement Thresholds(TaskSchema schema, Certificate certificate) => Html.Table(
        $"Thresholds for {certificate.Pattern}, certified on {Words.Count(certificate.Rows, "product", "products")}{(certificate.Hidden > 0 ? $", in {Words.Count(certificate.Hidden)} of which further inputs were hidden" : string.Empty)}",
        [
            Html.ColumnHead("task"), Html.ColumnHead("accepted from", number: true), Html.ColumnHead("covers", number: true), Html.ColumnHead("covers, drawn"),
            Html.ColumnHead("certain precision", number: true), Html.ColumnHead("remark"),
        ],
        certificate.Tasks.Select(IEnumerable<XElement> (task) =>
        [
            Html.RowHead(Html.Given(task.Task)),
            Html.Number(task.Classes is { } classes ? $"{classes.Values.Count(one => one.IsReachable)} classes" : Words.Percent(task.Threshold.Threshold)),
            Html.Number(task.Classes is null ? Words.Percent(task.Threshold.Coverage) : Words.None),
            Html.Of("td", task.Classes is null ? RangeBar.Bar(task.Threshold.Coverage, TaskStyle.Of(schema, task.Task)) : null),
            Html.Number(task.Classes is null ? Words.Percent(task.Threshold.LowerBound) : Words.None),
            Html.Of("td.remark", (task.Classes is null && task.Threshold.Reason is { } reason ? $"not reachable: {reason}" : task.Note) is { } remark ? Html.Given(remark) : null),
        ]));

    private static XElement Kept(IReadOnlyList<PromiseLine> lines) => Html.Table(
        "What came of it on the rows measured here",
        [
            Html.ColumnHead("task"), Html.ColumnHead("accepted", number: true), Html.ColumnHead("needs review", number: true), Html.ColumnHead("covers", number: true), Html.ColumnHead("covers, drawn"),
            Html.ColumnHead("precision", number: true), Html.ColumnHead("95 % interval", number: true), Html.ColumnHead("promise"),
        ],
        lines.Select(IEnumerable<XElement> (line) =>
        [
            Html.RowHead(Html.Given(line.Name)),
            Html.Number(Words.Count(line.Figures.Accepted)),
            Html.Number(Words.Count(line.Figures.Rows - line.Figures.Accepted)),
            Html.Number(Words.Percent(line.Figures.Coverage)),
            Html.Of("td", line.Figures.Coverage is { } coverage ? RangeBar.Bar(coverage, line.Style) : null),
            Html.Of("td.number.strong", Words.Percent(line.Figures.Precision?.Estimate)),
            Html.Number(line.Figures.Precision is { } interval ? Words.Range(interval.Low, interval.High) : Words.None),
            Promise.Cell(line.Figures.Precision, line.Figures.Target, line.Figures.Reachable ? "nothing accepted" : "not reachable"),
        ]));

    private static XElement Drawn(IReadOnlyList<PromiseLine> lines)
    {
        List<ForestRow> rows = [.. lines.Select(line =>
            new ForestRow(line.Name, line.Figures.Precision?.Estimate, line.Figures.Precision?.Low, line.Figures.Precision?.High) { Style = line.Style })];
        var target = lines[0].Figures.Target;
        return new ForestChart
        {
            Id = "calibration-precision",
            Title = "Precision of accepted answers",
            Description = $"{rows.Count(row => row.Value >= target)} of {Words.Count(rows.Count, "promise", "promises")} reach the promised {Words.Percent(target)}.",
            Scale = Axis.Over("precision", rows.SelectMany(row => row.Values).Concat([target, target - RoomBelow]), value => Words.WholePercent(value), floor: 0, ceiling: 1),
            Rows = rows,
            Mark = new ChartMark(target, $"promise {Words.Percent(target)}"),
            Numbers = Errors(lines),
            Note = "Dots on the left of the dotted line fall short of the promise. Whiskers: exact 95 % intervals (Clopper-Pearson).",
        }.Draw();
    }

    private static XElement Errors(IReadOnlyList<PromiseLine> lines) => Html.Table(
        "Right among accepted, and calibration on the same rows",
        [
            Html.ColumnHead("task"), Html.ColumnHead("right of accepted", number: true), Html.ColumnHead("calibration error before", number: true), Html.ColumnHead("after", number: true),
            Html.ColumnHead("negative log-likelihood before", number: true), Html.ColumnHead("after", number: true),
        ],
        lines.Select(IEnumerable<XElement> (line) =>
        [
            Html.RowHead(Html.Given(line.Name)),
            Html.Number($"{Words.Count(line.Figures.Right)} of {Words.Count(line.Figures.Accepted)}"),
            Html.Number(Words.Decimal(line.Figures.EceBefore)),
            Html.Number(Words.Decimal(line.Figures.EceAfter)),
            Html.Number(Words.Decimal(line.Figures.NllBefore)),
            Html.Number(Words.Decimal(line.Figures.NllAfter)),
        ]));

    private static XElement Classes(string name, IReadOnlyDictionary<string, PrecisionThreshold> classes) => Html.Of(
        "details",
        Html.Of("summary", "Thresholds by class of ", Html.Given(name)),
        Html.Table(
            $"Thresholds by class of {name}{(classes.Count > ChartFigure.MostRows ? $", the first {ChartFigure.MostRows} of {classes.Count}" : string.Empty)}",
            [
                Html.ColumnHead("class"), Html.ColumnHead("accepted from", number: true), Html.ColumnHead("covers", number: true), Html.ColumnHead("certain precision", number: true), Html.ColumnHead("remark"),
            ],
            classes.Take(ChartFigure.MostRows).Select(IEnumerable<XElement> (one) =>
            [
                Html.RowHead(Html.Given(one.Key)),
                Html.Number(Words.Percent(one.Value.Threshold)),
                Html.Number(Words.Percent(one.Value.Coverage)),
                Html.Number(Words.Percent(one.Value.LowerBound)),
                Html.Of("td.remark", one.Value.Reason is { } reason ? Html.Given($"not reachable: {reason}") : null),
            ])));
}
