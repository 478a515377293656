// What the table holds.
using System.Xml.Linq;
using Duet.Data;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Rows per split, classes, missing labels, what was set aside.</summary>
internal sealed class DataSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "data";

    /// <inheritdoc/>
    public string Title => "Data";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Data is not { } table)
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        var columns = data.Run.Configuration.Data;
        yield return Html.Facts(
        [
            ("table", Html.Of("bdi", Html.BrokenWell(table.Path))),
            ("used for", table.IsTrainingTable ? "training and these figures" : "these figures; the model was trained on another table"),
            ("picture from", Html.Given(Columns(columns.ImageColumns))),
            ("text from", Html.Given(Columns(columns.TextColumns))),
            ("lost in training", Lost(table.Losses)),
            ("divided by", columns.SplitColumn is { } split ? Html.Given($"column {split}") : "fractions and the seed"),
        ]);
        yield return Html.Table(
            "Rows",
            [Html.ColumnHead("split"), Html.ColumnHead("rows", number: true), Html.ColumnHead("with picture", number: true), Html.ColumnHead("with text", number: true)],
            table.Splits.Select(IEnumerable<XElement> (part) =>
                [Html.RowHead(part.Name), Html.Number(Words.Count(part.Rows)), Html.Number(Words.Count(part.WithImage)), Html.Number(Words.Count(part.WithText))]));
        yield return Html.Table(
            "Tasks, and rows without a label",
            [
                Html.ColumnHead("task"), Html.ColumnHead("kind"), Html.ColumnHead("classes", number: true),
                .. table.Splits.Select(part => Html.ColumnHead($"missing in {part.Name}", number: true)),
            ],
            table.Tasks.Select(IEnumerable<XElement> (task) =>
            [
                Html.RowHead(Html.Given(task.Task.Name)),
                Html.Of("td", task.Task.Kind == TaskKind.SingleLabel ? "one label" : "several labels"),
                Html.Number(Words.Count(task.Task.Classes.Count)),
                .. task.Missing.Zip(table.Splits).Select(part => Html.Number(Missing(part.First, part.Second.Rows))),
            ]));
        foreach (var task in table.Tasks)
        {
            yield return Html.Of("details", Html.Of("summary", "Rows by class of ", Html.Given(task.Task.Name)), Classes(task, TaskStyle.Of(data.Run.Schema, task.Task.Name)));
        }

        yield return table.Quarantined.Count == 0
            ? Html.Paragraph("Training set nothing aside.")
            : Html.Table(
                "Set aside while training (quarantine.csv)",
                [Html.ColumnHead("reason"), Html.ColumnHead("entries", number: true)],
                table.Quarantined.Select(IEnumerable<XElement> (reason) => [Html.RowHead(Html.Given(Words.Plain(reason.Key))), Html.Number(Words.Count(reason.Value))]));
        foreach (var note in table.Notes)
        {
            yield return Html.Of("p.note", note);
        }
    }

    private static string Lost(Losses losses)
    {
        (string What, LossCount Count)[] kinds = [("rows", losses.Rows), ("pictures", losses.Pictures)];
        return losses.Any
            ? string.Join("; ", kinds.Where(kind => kind.Count.Lost > 0).Select(kind => $"{kind.Count.Lost} of {kind.Count.Seen} {kind.What} ({kind.Count.Percent})"))
            : "nothing";
    }

    private static XElement Classes(TaskLabelCounts task, string style)
    {
        var most = Math.Max(1, task.Classes.Max(one => one.Value));
        var cut = task.Classes.Count > ChartFigure.MostRows ? $", the {ChartFigure.MostRows} most frequent of {task.Classes.Count}" : string.Empty;
        return Html.Table(
            $"Rows by class of {task.Task.Name}{cut}",
            [Html.ColumnHead("class"), Html.ColumnHead("rows", number: true), Html.ColumnHead("rows, drawn")],
            task.Classes.Take(ChartFigure.MostRows).Select(IEnumerable<XElement> (one) =>
                [Html.RowHead(Html.Given(one.Key)), Html.Number(Words.Count(one.Value)), Html.Of("td", RangeBar.Bar((double)one.Value / most, style))]));
    }

    private static string Missing(long missing, long rows) => missing == 0 ? "0" : $"{Words.Count(missing)} ({Words.WholePercent((double)missing / Math.Max(1, rows))})";

    private static string Columns(IReadOnlyList<string> columns) => columns.Count == 0 ? "nowhere" : $"column {string.Join(", ", columns)}";
}
