// Ablations and other systems.
using System.Xml.Linq;
using Duet.Evaluation.Comparison;
using Duet.Reports.Charts;
using Duet.Reports.Gathering;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>The table of a comparison over seeds.</summary>
internal sealed class ComparisonSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "ablation";

    /// <inheritdoc/>
    public string Title => "Ablation";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Comparison is not { } table)
        {
            yield return Html.Absent(
                "No comparison was named. Train variants with duet ablate, or systems with duet compare, then:",
                ShellCommand.Of("duet", "report", data.Run.Folder.Path, "--data", Wanted.Table(data), "--ablation", "FOLDER/comparison.json"));
            yield break;
        }

        var scale = Axis.Over(string.Empty, table.Systems.SelectMany(row => Bounds(row.Mean)), Words.Short, floor: 0, ceiling: 1);
        yield return Html.Table(
            $"Accuracy (micro F1 for several labels) on the split {table.Split}, mean ± standard deviation over {Words.Count(table.Seeds.Count, "seed", "seeds")}; the dots run from {Words.WholePercent(scale.Low)} to {Words.WholePercent(scale.High)}",
            [
                Html.ColumnHead("system"), Html.ColumnHead("mean", number: true), Html.ColumnHead("mean, drawn"),
                .. table.Tasks.Select(task => Html.ColumnHead(Html.Given(task), number: true)), Html.ColumnHead("parameters", number: true), Html.ColumnHead("runs", number: true),
            ],
            table.Systems.Select(row => Row(row, table, scale)));
        foreach (var run in table.Systems.SelectMany(row => row.Runs).Where(run => run.Error is not null))
        {
            yield return Html.Of("p.note", "Failed: ", Html.Given(run.System), $", seed {run.Seed}: ", Html.Given(run.Error!));
        }
    }

    private static IEnumerable<XElement> Row(ComparisonRow row, ComparisonTable table, Axis scale) =>
    [
        Html.RowHead(Html.Given(row.System)),
        Html.Of("td.number.strong", Score(row.Mean)),
        Html.Of("td", row.Mean is { } mean ? RangeBar.Draw(scale, mean.Mean, mean.Mean - mean.Deviation, mean.Mean + mean.Deviation) : null),
        .. table.Tasks.Select(task => Html.Number(Score(row.Tasks.GetValueOrDefault(task)))),
        Html.Number(row.Parameters is { } parameters ? $"{Words.Short(Math.Round(parameters / 1e6, 2))} M" : Words.None),
        Html.Number($"{row.Runs.Count - row.Failed} of {table.Seeds.Count}"),
    ];

    private static IEnumerable<double> Bounds(MeanAndSpread? score) =>
        score is null ? [] : [score.Mean - (score.Deviation ?? 0), score.Mean + (score.Deviation ?? 0)];

    private static string Score(MeanAndSpread? score) => score switch
    {
        null => Words.None,
        { Deviation: { } deviation } => $"{Words.Percent(score.Mean)} ± {Words.Short(Math.Round(100 * deviation, 1))}",
        _ => Words.Percent(score.Mean),
    };
}
