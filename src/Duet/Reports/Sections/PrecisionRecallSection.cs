// Precision against recall.
using System.Xml.Linq;
using Duet.Metrics;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>A curve of precision against recall per task.</summary>
internal sealed class PrecisionRecallSection : IReportSection
{
    private const double Target = 0.95;

    // The first few accepted rows make a curve jump between 0 and 1, which says nothing.
    private const double LeastRecall = 0.02;

    /// <inheritdoc/>
    public string Id => "precision-recall";

    /// <inheritdoc/>
    public string Title => "Precision and recall";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { } measured)
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        yield return Html.Of("div.charts", measured.Curves.Select((task, i) => Chart($"pr-{i}", task.Key, TaskStyle.Of(data.Run.Schema, task.Key), task.Value, measured.Report.Tasks[task.Key])));
        yield return Html.Of("p.note", "Answers are accepted from the surest on; towards the right ever more of them are.");
    }

    private static XElement Chart(string id, string task, string style, IReadOnlyList<OperatingPoint> curve, TaskMetrics metrics)
    {
        var points = curve.Where(point => point.Recall >= LeastRecall).Select(point => new ChartPoint(point.Recall, point.Precision)).ToList();
        var reached = metrics.RecallAtPrecision.TryGetValue(TaskEvaluator.PrecisionKey(Target), out var recall) ? recall : 0;
        var y = Axis.Over("precision", [.. points.Select(point => point.Y), 1, Target - 0.05], value => Words.WholePercent(value), floor: 0, ceiling: 1);
        return new LineChart
        {
            Id = id,
            Title = task,
            Description = points.Count == 0
                ? "No row is labelled, so there is no curve."
                : $"Precision falls from {Words.Percent(points[0].Y)} among the surest answers to {Words.Percent(points[^1].Y)} when all are accepted; at 95 % precision recall is {Words.Percent(reached)}.",
            X = new Axis("recall", 0, 1, [0, 0.25, 0.5, 0.75, 1], value => Words.WholePercent(value)),
            Y = y,
            Series = [new ChartSeries(task, points, style)],
            Across = y.Low < Target ? [new ChartMark(Target, $"95 %: recall {Words.Percent(reached)}")] : [],
            Precise = value => Words.Percent(value),
        }.Draw();
    }
}
