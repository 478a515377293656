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
        yield return Promise(calibration);
        if (data.Measured?.Report.Decisions is { Count: > 0 } decisions)
        {
            yield return Kept(decisions);
            yield return Html.Of("p.note", "Kept: at least as precise as promised. Within chance: less, but the interval still holds the promise.");
        }
    }

    private static XElement Promise(RunCalibration calibration) => Html.Table(
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
            Html.ColumnHead("task"), Html.ColumnHead("accepted", number: true), Html.ColumnHead("covers", number: true), Html.ColumnHead("precision", number: true),
            Html.ColumnHead("95 % interval", number: true), Html.ColumnHead("promise"), Html.ColumnHead("calibration error before", number: true), Html.ColumnHead("after", number: true),
        ],
        decisions.Select(IEnumerable<XElement> (task) =>
        [
            Html.RowHead(Html.Given(task.Key)),
            Html.Number($"{Words.Count(task.Value.Accepted)} of {Words.Count(task.Value.Rows)}"),
            Html.Number(Words.Percent(task.Value.Coverage)),
            Html.Of("td.number.strong", Words.Percent(task.Value.Precision?.Estimate)),
            Html.Number(task.Value.Precision is { } interval ? Words.Range(interval.Low, interval.High) : Words.None),
            Html.Of("td", Verdict(task.Value)),
            Html.Number(Words.Decimal(task.Value.EceBefore)),
            Html.Number(Words.Decimal(task.Value.EceAfter)),
        ]));

    private static string Verdict(DecisionFigures figures) => figures switch
    {
        { Precision: null } => "nothing accepted",
        { Precision: { } precision } when precision.Estimate >= figures.Target => "kept",
        { Precision: { } precision } when precision.High >= figures.Target => "within chance",
        _ => "broken",
    };
}
