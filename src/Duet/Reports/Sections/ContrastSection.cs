// A second run beside the first.
using System.Xml.Linq;
using Duet.Metrics;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Differences of accuracy on the same rows with their significance, and recall at the other run's own precision.</summary>
internal sealed class ContrastSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "second-run";

    /// <inheritdoc/>
    public string Title => "Against a second run";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Contrast is not { } contrast)
        {
            yield return Html.Absent("No second run was named. To compare two on the same rows:", ShellCommand.Of("duet", "report", data.Run.Folder.Path, "--data", Wanted.Table(data), "--against", "RUN2"));
            yield break;
        }

        yield return Html.Paragraph("The second run is ", Html.Given(contrast.Paired.Run), " (", Html.Given(contrast.Title), ").");
        if (contrast.Paired.Tasks.Count == 0)
        {
            yield return Html.Paragraph("The two share no task with labelled rows.");
            yield break;
        }

        yield return Html.Table(
            "Accuracy on the rows that both answered, and recall at the precision of the second run's answers",
            [
                Html.ColumnHead("task"), Html.ColumnHead("this run", number: true), Html.ColumnHead("second run", number: true),
                Html.ColumnHead("difference, points", number: true), Html.ColumnHead("95 % interval", number: true), Html.ColumnHead("McNemar p", number: true),
                Html.ColumnHead(PairedVerdict.Head), Html.ColumnHead("recall at its precision", number: true), Html.ColumnHead("its recall", number: true), Html.ColumnHead("rows", number: true),
            ],
            contrast.Paired.Tasks.Select(task => Row(task.Key, task.Value)));
        yield return Html.Of("p.note", "Intervals and p speak of other products with the same two models. Two trainings with other seeds differ too, of one and the same system even; for that train several seeds with duet compare.");
    }

    private static IEnumerable<XElement> Row(string name, PairedTask task)
    {
        var (difference, p) = (task.AccuracyDifference?.Difference, task.McNemar.PValue);
        return
        [
            Html.RowHead(Html.Given(name)),
            Html.Number(Words.Percent(task.Accuracy)),
            Html.Number(Words.Percent(task.BaselineAccuracy)),
            Html.Of("td.number.strong", Words.Points(task.Accuracy - task.BaselineAccuracy)),
            Html.Number(difference is { } given ? $"{Words.Points(given.Low)} to {Words.Points(given.High)}" : Words.None),
            Html.Number(PairedVerdict.Value(p)),
            Html.Of("td", PairedVerdict.Of(p)),
            Html.Number(Words.Percent(task.RecallAtBaselinePrecision)),
            Html.Number(Words.Percent(task.BaselineRecall)),
            Html.Number(Words.Count(task.N)),
        ];
    }
}
