// Whether answers can be accepted without a look.
using System.Xml.Linq;
using Duet.Evaluation.Calibration;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>The thresholds of a calibrated run, how much they accept, and whether their promise held on the rows that were measured.</summary>
internal sealed class CalibrationSection : IReportSection
{
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
        yield return Thresholds(calibration);
        foreach (var task in calibration.Tasks)
        {
            if (task.Classes is { } classes)
            {
                yield return Classes(task, classes);
            }
        }

        if (data.Measured?.Report.Decisions is { Count: > 0 } decisions)
        {
            yield return Kept(decisions);
            yield return Html.Of("p.note", Promise.Meaning);
            yield return Html.Of("div.charts", Drawn(decisions));
        }
    }

    private static XElement Thresholds(RunCalibration calibration) => Html.Table(
        "Thresholds",
        [
            Html.ColumnHead("task"), Html.ColumnHead("accepted from", number: true), Html.ColumnHead("covers", number: true), Html.ColumnHead("covers, drawn"),
            Html.ColumnHead("certain precision", number: true), Html.ColumnHead("remark"),
        ],
        calibration.Tasks.Select(IEnumerable<XElement> (task) =>
        [
            Html.RowHead(Html.Given(task.Task)),
            Html.Number(task.Classes is { } classes ? $"{classes.Values.Count(one => one.IsReachable)} classes" : Words.Percent(task.Threshold.Threshold)),
            Html.Number(task.Classes is null ? Words.Percent(task.Threshold.Coverage) : Words.None),
            Html.Of("td", task.Classes is null ? RangeBar.Bar(task.Threshold.Coverage) : null),
            Html.Number(task.Classes is null ? Words.Percent(task.Threshold.LowerBound) : Words.None),
            Html.Of("td", Html.Given(task.Classes is null && task.Threshold.Reason is { } reason ? $"not reachable: {reason}" : task.Note ?? string.Empty)),
        ]));

    private static XElement Kept(IReadOnlyDictionary<string, DecisionFigures> decisions) => Html.Table(
        "What came of it on the rows measured here",
        [
            Html.ColumnHead("task"), Html.ColumnHead("accepted", number: true), Html.ColumnHead("needs review", number: true), Html.ColumnHead("covers", number: true), Html.ColumnHead("covers, drawn"),
            Html.ColumnHead("precision", number: true), Html.ColumnHead("95 % interval", number: true), Html.ColumnHead("promise"),
        ],
        decisions.Select(IEnumerable<XElement> (task) =>
        [
            Html.RowHead(Html.Given(task.Key)),
            Html.Number(Words.Count(task.Value.Accepted)),
            Html.Number(Words.Count(task.Value.Rows - task.Value.Accepted)),
            Html.Number(Words.Percent(task.Value.Coverage)),
            Html.Of("td", task.Value.Coverage is { } coverage ? RangeBar.Bar(coverage) : null),
            Html.Of("td.number.strong", Words.Percent(task.Value.Precision?.Estimate)),
            Html.Number(task.Value.Precision is { } interval ? Words.Range(interval.Low, interval.High) : Words.None),
            Html.Of("td", Promise.Verdict(task.Value.Precision, task.Value.Target, task.Value.Reachable ? "nothing accepted" : "not reachable")),
        ]));

    private static XElement Drawn(IReadOnlyDictionary<string, DecisionFigures> decisions)
    {
        List<ForestRow> rows = [.. decisions.Select(task => new ForestRow(task.Key, task.Value.Precision?.Estimate, task.Value.Precision?.Low, task.Value.Precision?.High))];
        var target = decisions.Values.First().Target;
        return new ForestChart
        {
            Id = "calibration-precision",
            Title = "Precision of accepted answers",
            Description = $"{rows.Count(row => row.Value >= target)} of {Words.Count(rows.Count, "task", "tasks")} reach the promised {Words.Percent(target)}.",
            Scale = Axis.Over("precision", rows.SelectMany(row => row.Values).Append(target), value => Words.WholePercent(value), floor: 0, ceiling: 1),
            Rows = rows,
            Mark = new ChartMark(target, "promise"),
            Numbers = Errors(decisions),
            Note = $"Dotted: the promised {Words.Percent(target)}. Whiskers: exact 95 % intervals (Clopper-Pearson).",
        }.Draw();
    }

    private static XElement Errors(IReadOnlyDictionary<string, DecisionFigures> decisions) => Html.Table(
        "Right among accepted, and calibration on the same rows",
        [
            Html.ColumnHead("task"), Html.ColumnHead("right of accepted", number: true), Html.ColumnHead("calibration error before", number: true), Html.ColumnHead("after", number: true),
            Html.ColumnHead("negative log-likelihood before", number: true), Html.ColumnHead("after", number: true),
        ],
        decisions.Select(IEnumerable<XElement> (task) =>
        [
            Html.RowHead(Html.Given(task.Key)),
            Html.Number($"{Words.Count(task.Value.Right)} of {Words.Count(task.Value.Accepted)}"),
            Html.Number(Words.Decimal(task.Value.EceBefore)),
            Html.Number(Words.Decimal(task.Value.EceAfter)),
            Html.Number(Words.Decimal(task.Value.NllBefore)),
            Html.Number(Words.Decimal(task.Value.NllAfter)),
        ]));

    private static XElement Classes(TaskCalibration task, IReadOnlyDictionary<string, PrecisionThreshold> classes) => Html.Of(
        "details",
        Html.Of("summary", "Thresholds by class of ", Html.Given(task.Task)),
        Html.Table(
            $"Thresholds by class of {task.Task}{(classes.Count > ChartFigure.MostRows ? $", the first {ChartFigure.MostRows} of {classes.Count}" : string.Empty)}",
            [
                Html.ColumnHead("class"), Html.ColumnHead("accepted from", number: true), Html.ColumnHead("covers", number: true), Html.ColumnHead("certain precision", number: true), Html.ColumnHead("remark"),
            ],
            classes.Take(ChartFigure.MostRows).Select(IEnumerable<XElement> (one) =>
            [
                Html.RowHead(Html.Given(one.Key)),
                Html.Number(Words.Percent(one.Value.Threshold)),
                Html.Number(Words.Percent(one.Value.Coverage)),
                Html.Number(Words.Percent(one.Value.LowerBound)),
                Html.Of("td", Html.Given(one.Value.Reason is { } reason ? $"not reachable: {reason}" : string.Empty)),
            ])));
}
