// How good answers are in a taxonomy.
using System.Xml.Linq;
using Duet.Data;
using Duet.Metrics.Hierarchy;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Hierarchical figures, accuracy by level, and what backing off to ancestors gives level by level.</summary>
internal sealed class TaxonomySection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "taxonomy";

    /// <inheritdoc/>
    public string Title => "Taxonomy";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { Report: var report })
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        if (report.Hierarchy is not { Count: > 0 } tasks)
        {
            const string None = "No task of the run has a taxonomy. To train with one, whose lines are paths such as A > B > C";
            var taxonomy = $"{report.Tasks.Keys.FirstOrDefault() ?? "TASK"}=FILE";
            yield return data.TrainingCommand is { } training
                ? Html.Absent($"{None}:", $"{training} {ShellCommand.Of("--taxonomy", taxonomy)}")
                : Html.Of("div.absent", Html.Paragraph($"{None}, train anew with --taxonomy {taxonomy}."));
            yield break;
        }

        yield return Figures(tasks);
        yield return Html.Of("div.charts", Levels(data.Run.Schema, tasks));
        if (tasks.Values.All(task => task.Backoff is null))
        {
            yield return Html.Absent("To answer with the deepest ancestor that may be trusted, where the class itself is not sure enough:", Wanted.Command(data, "calibrate", "--split", "val", "--precision", "0.95"));
            yield break;
        }

        yield return Html.Paragraph("Backing off: a product is answered on the deepest level that is sure enough, and that level's answers are promised to be right in ", Target(tasks), " of cases.");
        foreach (var (name, task) in tasks)
        {
            if (task.Backoff is { } backoff)
            {
                yield return Answers(name, TaskStyle.Of(data.Run.Schema, name), backoff);
            }
        }

        yield return Html.Of("p.note", Promise.Meaning);
    }

    private static string Target(IReadOnlyDictionary<string, HierarchicalFigures> tasks) => Words.Percent(tasks.Values.Select(task => task.Backoff?.Target).First(target => target is not null));

    private static XElement Figures(IReadOnlyDictionary<string, HierarchicalFigures> tasks) => Html.Table(
        "Predicted and true class, each with all its ancestors",
        [
            Html.ColumnHead("task"), Html.ColumnHead("hierarchical precision", number: true), Html.ColumnHead("hierarchical recall", number: true),
            Html.ColumnHead("hierarchical F1", number: true), Html.ColumnHead("levels agree", number: true), Html.ColumnHead("rows", number: true),
        ],
        tasks.Select(IEnumerable<XElement> (task) =>
        [
            Html.RowHead(Html.Given(task.Key)),
            Html.Number(Words.Percent(task.Value.Precision)),
            Html.Number(Words.Percent(task.Value.Recall)),
            Html.Of("td.number.strong", Words.Percent(task.Value.F1)),
            Html.Number(Words.Percent(task.Value.Consistency)),
            Html.Number(Words.Count(task.Value.N)),
        ]));

    private static IEnumerable<XElement> Levels(TaskSchema schema, IReadOnlyDictionary<string, HierarchicalFigures> tasks)
    {
        var deepest = tasks.Values.Max(task => task.LevelAccuracy.Count);
        if (deepest < 2)
        {
            yield break;
        }

        List<ChartSeries> series = [.. tasks.Select(task => new ChartSeries(
            task.Key, [.. task.Value.LevelAccuracy.Select((accuracy, i) => new ChartPoint(i + 1, accuracy))], TaskStyle.Of(schema, task.Key)))];
        var lines = series.Where(line => line.Points.Count > 0).Select(line => $"{line.Name} goes from {Words.Percent(line.Points[0].Y)} on level 1 to {Words.Percent(line.Points[^1].Y)} on level {line.Points.Count}");
        yield return new LineChart
        {
            Id = "taxonomy-levels",
            Title = "Accuracy by level",
            Description = $"{string.Join("; ", lines)}.",
            X = new Axis("level, 1 is the root", 1, deepest, [.. Enumerable.Range(1, deepest).Select(level => (double)level)], Words.Short),
            Y = Axis.Over("accuracy", series.SelectMany(line => line.Points).Select(point => point.Y), value => Words.WholePercent(value), floor: 0, ceiling: 1),
            Series = series,
            Precise = value => Words.Percent(value),
            Note = "Of the products whose true path reaches a level, those whose predicted path has the same category there.",
        }.Draw();
    }

    private static XElement Answers(string name, string style, BackoffFigures backoff) => Html.Table(
        $"{name}: where answers end; {Words.Count(backoff.Answered)} of {Words.Count(backoff.Rows)} are answered on some level, {Words.Percent(backoff.Precision?.Estimate)} of them rightly",
        [
            Html.ColumnHead("level"), Html.ColumnHead("answers", number: true), Html.ColumnHead("share of products"),
            Html.ColumnHead("precision", number: true), Html.ColumnHead("95 % interval", number: true), Html.ColumnHead("promise"),
        ],
        backoff.Levels.Select(IEnumerable<XElement> (level) =>
        [
            Html.RowHead(Words.Count(level.Level)),
            Html.Number(Words.Count(level.Answered)),
            Html.Of("td", backoff.Rows > 0 ? RangeBar.Bar((double)level.Answered / backoff.Rows, style) : null),
            Html.Of("td.number.strong", Words.Percent(level.Precision?.Estimate)),
            Html.Number(level.Precision is { } interval ? Words.Range(interval.Low, interval.High) : Words.None),
            Promise.Cell(level.Precision, backoff.Target, level.Reachable ? "nothing answered" : "not reachable"),
        ]));
}
