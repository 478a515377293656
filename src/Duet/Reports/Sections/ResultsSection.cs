// The figures of every task.
using System.Xml.Linq;
using Duet.Data;
using Duet.Metrics;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Accuracy, F1 and recall at precision per task with their intervals, and all other figures behind a fold.</summary>
internal sealed class ResultsSection : IReportSection
{
    private const string FirstPrecision = "0.90";
    private const string SecondPrecision = "0.95";

    /// <inheritdoc/>
    public string Id => "results";

    /// <inheritdoc/>
    public string Title => "Results";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { Report: var report })
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        if (data.Flattered is { } flattered)
        {
            yield return Html.Of("p.notice", flattered);
        }

        yield return Main(data.Run.Schema, report);
        yield return Html.Of(
            "p.note",
            "Intervals are 95 % bootstrap intervals over rows, exact ones (Clopper and Pearson) where every row is right or none. Accuracy of a task with several labels per product counts rows with every label right. Recall at a precision: the share of rows that can be filled in when answers below a threshold are left to people, so that the rest is as precise as promised.");
        if (report.Tasks.Values.Any(task => task.UnseenLabels > 0) || report.Quarantined > 0)
        {
            yield return Html.Of("p.note", SetAside(report));
        }

        yield return Html.Of("details.paper", Html.Of("summary", "All figures"), More(report));
        foreach (var (name, task) in report.Tasks)
        {
            yield return Html.Of("details", Html.Of("summary", "Classes of ", Html.Given(name)), Classes(name, task, TaskStyle.Of(data.Run.Schema, name)));
        }
    }

    private static XElement Main(TaskSchema schema, EvaluationReport report)
    {
        var scale = Axis.Over(
            string.Empty,
            report.Tasks.Values.SelectMany(task => new[] { task.Accuracy, task.AccuracyInterval?.Low, task.AccuracyInterval?.High }).OfType<double>(),
            Words.Short,
            floor: 0,
            ceiling: 1);
        return Html.Table(
            $"Figures per task on {Where(report)}; the dots run from {Words.WholePercent(scale.Low)} to {Words.WholePercent(scale.High)}",
            [
                Html.ColumnHead("task"), Html.ColumnHead("accuracy", number: true), Html.ColumnHead("95 % interval"), Html.ColumnHead("macro F1", number: true),
                Html.ColumnHead("95 % interval"), Html.ColumnHead("recall at 90 %", number: true), Html.ColumnHead("recall at 95 %", number: true), Html.ColumnHead("rows", number: true),
            ],
            report.Tasks.Select(task => Row(task.Key, task.Value, scale, TaskStyle.Of(schema, task.Key))));
    }

    private static IEnumerable<XElement> Row(string name, TaskMetrics task, Axis scale, string style) =>
    [
        Html.RowHead(Html.Given(name)),
        Html.Of("td.number.strong", Words.Percent(task.Accuracy)),
        task.Accuracy is { } accuracy
            ? Html.Of("td.interval", RangeBar.Draw(scale, accuracy, task.AccuracyInterval?.Low, task.AccuracyInterval?.High, style), Interval(task.AccuracyInterval))
            : Html.Of("td", Words.None),
        Html.Number(Words.Percent(task.MacroF1)),
        Html.Of("td.interval", Interval(task.MacroF1Interval)),
        Html.Number(Words.Percent(At(task, FirstPrecision))),
        Html.Number(Words.Percent(At(task, SecondPrecision))),
        Html.Number(Words.Count(task.N)),
    ];

    private static XElement More(EvaluationReport report)
    {
        (string Name, Func<TaskMetrics, string> Value)[] figures =
        [
            ("top-5 accuracy", task => Words.Percent(task.Top5)),
            ("macro precision", task => Words.Percent(task.MacroPrecision)),
            ("macro recall", task => Words.Percent(task.MacroRecall)),
            ("micro F1", task => Words.Percent(task.MicroF1)),
            ("weighted F1", task => Words.Percent(task.WeightedF1)),
            ("mean average precision", task => Words.Percent(task.MeanAveragePrecision)),
            ("micro average precision", task => Words.Percent(task.MicroAveragePrecision)),
            ("area under the ROC curve", task => Words.Percent(task.RocAuc)),
            ("recall at 95 %, threshold per class", task => Words.Percent(task.ClassMeanRecallAtPrecision.GetValueOrDefault(SecondPrecision))),
            ("negative log-likelihood", task => Words.Decimal(task.Nll)),
            ("Brier score", task => Words.Decimal(task.Brier)),
            ("calibration error (ECE)", task => Words.Decimal(task.Ece)),
            ("class-wise calibration error", task => Words.Decimal(task.ClasswiseEce)),
        ];
        return Html.Table(
            $"All figures on {Where(report)}",
            [Html.ColumnHead("figure"), .. report.Tasks.Keys.Select(name => Html.ColumnHead(Html.Given(name), number: true))],
            figures.Select(figure => report.Tasks.Values.Select(task => Html.Number(figure.Value(task))).Prepend(Html.RowHead(figure.Name))));
    }

    private static XElement Classes(string name, TaskMetrics task, string style)
    {
        var classes = task.PerClass.Where(scores => scores.Support + scores.Predicted > 0).OrderByDescending(scores => scores.Support).ToList();
        var order = classes.Count > ChartFigure.MostRows ? $"the {ChartFigure.MostRows} largest of {classes.Count}" : "the largest first";
        return Html.Table(
            $"Classes of {name}, {order}",
            [
                Html.ColumnHead("class"), Html.ColumnHead("rows", number: true), Html.ColumnHead("precision", number: true),
                Html.ColumnHead("recall", number: true), Html.ColumnHead("F1", number: true), Html.ColumnHead("F1, drawn"),
            ],
            classes.Take(ChartFigure.MostRows).Select(IEnumerable<XElement> (scores) =>
            [
                Html.RowHead(Html.Given(scores.Class)),
                Html.Number(Words.Count(scores.Support)),
                Html.Number(Words.Percent(scores.Precision)),
                Html.Number(Words.Percent(scores.Recall)),
                Html.Number(Words.Percent(scores.F1)),
                Html.Of("td", RangeBar.Bar(scores.F1, style)),
            ]));
    }

    private static string Where(EvaluationReport report) =>
        $"{Words.Count(report.N, "product", "products")} of {(report.Split is { } split ? $"the split {split}" : "the whole table")}";

    private static string SetAside(EvaluationReport report)
    {
        var unseen = report.Tasks.Where(task => task.Value.UnseenLabels > 0).Select(task => $"{Words.Count(task.Value.UnseenLabels)} in {task.Key}").ToList();
        var rows = report.Quarantined > 0 ? $"{Words.Count(report.Quarantined, "row or picture was", "rows or pictures were")} set aside. " : string.Empty;
        return rows + (unseen.Count > 0 ? $"Labels that the model does not know, which do not count: {string.Join(", ", unseen)}." : string.Empty);
    }

    private static double? At(TaskMetrics task, string precision) => task.RecallAtPrecision.TryGetValue(precision, out var recall) ? recall : null;

    private static XElement? Interval(ConfidenceInterval? interval) => interval is { } given ? Html.Of("span", Words.Range(given.Low, given.High)) : null;
}
