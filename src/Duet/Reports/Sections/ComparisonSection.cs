// Ablations and other systems.
using System.Globalization;
using System.Xml.Linq;
using Duet.Studies.Comparison;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>A comparison over seeds: means with spread and interval, and every system's difference to the first on the same products.</summary>
internal sealed class ComparisonSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "ablation";

    /// <inheritdoc/>
    public string Title => "Systems compared";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Comparison is not { } shown)
        {
            yield return Html.Absent(
                "No comparison was named. Train variants with duet ablate, or systems with duet compare, then:",
                ShellCommand.Of("duet", "report", data.Run.Folder.Path, "--data", Wanted.Table(data), "--ablation", "FOLDER"));
            yield break;
        }

        var table = shown.Table;
        if (shown.Own is { } own)
        {
            yield return Html.Paragraph("This run is one of ", Html.Given(own), ".");
        }

        yield return Scores(table, shown.Own);
        yield return Html.Of("div.charts", Charts(table, shown.Own));
        foreach (var run in table.Systems.SelectMany(row => row.Runs).Where(run => run.Error is not null))
        {
            yield return Html.Of("p.note", "Failed: ", Html.Given(run.System), $", seed {run.Seed}: ", Html.Given(run.Error!));
        }

        if (table.Command is { } command)
        {
            yield return Html.Of("div.repeat", Html.Paragraph("To repeat it (the same folder goes on, another --output begins anew):"), Html.Command(ShellCommand.Of(["duet", .. command])));
        }
    }

    private static XElement Scores(ComparisonTable table, string? own) => Html.Table(
        $"Accuracy (micro F1 for several labels) on the split {table.Split}: mean over tasks and each task, ± standard deviation over {Words.Count(table.Seeds.Count, "seed", "seeds")}",
        [
            Html.ColumnHead("system"), Html.ColumnHead("mean", number: true), Html.ColumnHead("95 % interval", number: true),
            .. table.Tasks.Select(task => Html.ColumnHead(Html.Given(task), number: true)), Html.ColumnHead("parameters", number: true), Html.ColumnHead("runs", number: true),
        ],
        table.Systems.Select(IEnumerable<XElement> (row) =>
        [
            Html.RowHead(Name(row, own)),
            Html.Of("td.number.strong", Score(row.Mean)),
            Html.Number(row.Interval is { } interval ? Words.Range(interval.Low, interval.High) : Words.None),
            .. table.Tasks.Select(task => Html.Number(Score(row.Tasks.GetValueOrDefault(task)))),
            Html.Number(row.Parameters is { } parameters ? $"{Words.Short(Math.Round(parameters / 1e6, 2))} M" : Words.None),
            Html.Number($"{row.Runs.Count - row.Failed} of {table.Seeds.Count}"),
        ]));

    private static IEnumerable<XElement> Charts(ComparisonTable table, string? own)
    {
        if (table.Systems.Any(row => row.Mean is not null))
        {
            yield return Means(table, own);
        }

        if (table.Systems.Any(row => row.Difference is not null))
        {
            yield return Differences(table, own);
        }
    }

    private static XElement Means(ComparisonTable table, string? own)
    {
        var rows = table.Systems.Select(row => new ForestRow(row.System, row.Mean?.Mean, row.Interval?.Low, row.Interval?.High)
        {
            Single = [.. row.Runs.Select(run => run.Mean).OfType<double>()],
            IsOwn = string.Equals(row.System, own, StringComparison.Ordinal),
        }).ToList();
        var best = rows.Where(row => row.Value is not null).MaxBy(row => row.Value)!;
        return new ForestChart
        {
            Id = "ablation-means",
            Title = "Mean over tasks",
            Description = $"{rows.Count} systems; the highest mean is that of {best.Name} with {Words.Percent(best.Value)}.",
            Scale = Axis.Over("mean over tasks", rows.SelectMany(row => row.Values), value => Words.WholePercent(value), floor: 0, ceiling: 1),
            Rows = rows,
            Numbers = Seeds(table),
            Note = "Dots: means over seeds, with 95 % intervals over products. Rings: single seeds.",
        }.Draw();
    }

    private static XElement Seeds(ComparisonTable table) => Html.Table(
        "Mean over tasks, by seed",
        [Html.ColumnHead("system"), .. table.Seeds.Select(seed => Html.ColumnHead($"seed {seed}", number: true))],
        table.Systems.Select(row => table.Seeds
            .Select(seed => Html.Number(Words.Percent(row.Runs.FirstOrDefault(run => run.Seed == seed)?.Mean)))
            .Prepend(Html.RowHead(Html.Given(row.System)))));

    private static XElement Differences(ComparisonTable table, string? own)
    {
        var rows = table.Systems.Skip(1).Select(row => new ForestRow(row.System, row.Difference?.Difference.Estimate, row.Difference?.Difference.Low, row.Difference?.Difference.High)
        {
            IsOwn = string.Equals(row.System, own, StringComparison.Ordinal),
        }).ToList();
        var worst = rows.Where(row => row.Value is not null).MinBy(row => row.Value)!;
        return new ForestChart
        {
            Id = "ablation-differences",
            Title = $"Difference to {table.Systems[0].System}",
            Description = $"{rows.Count} systems against the first; the lowest is {worst.Name} with {Words.Points(worst.Value!.Value)} points.",
            Scale = Axis.Over("difference, percentage points", rows.SelectMany(row => row.Values).Append(0), value => Words.Short(Math.Round(100 * value, 2)), floor: -1, ceiling: 1),
            Rows = rows,
            Numbers = Paired(table),
            Mark = new ChartMark(0, "no difference"),
            Note = "Same products, same seeds. Whiskers: 95 % intervals of the paired bootstrap over products; where one crosses the dotted line, other test products might show no difference. New trainings were not drawn: what other seeds would do, the spread between seeds beside the means tells.",
        }.Draw();
    }

    private static XElement Paired(ComparisonTable table) => Html.Table(
        $"Difference to {table.Systems[0].System}, mean over tasks",
        [
            Html.ColumnHead("system"), Html.ColumnHead("difference, points", number: true), Html.ColumnHead("95 % interval", number: true),
            Html.ColumnHead("bootstrap p", number: true), Html.ColumnHead(PairedVerdict.Head),
        ],
        table.Systems.Skip(1).Select(IEnumerable<XElement> (row) =>
        [
            Html.RowHead(Html.Given(row.System)),
            Html.Of("td.number.strong", row.Difference is { Difference: var given } ? Words.Points(given.Estimate) : Words.None),
            Html.Number(row.Difference is { Difference: var interval } ? $"{Words.Points(interval.Low)} to {Words.Points(interval.High)}" : Words.None),
            Html.Number(PairedVerdict.Value(row.Difference?.PValue)),
            Html.Of("td", PairedVerdict.Of(row.Difference?.PValue)),
        ]));

    private static XElement Name(ComparisonRow row, string? own) =>
        string.Equals(row.System, own, StringComparison.Ordinal) ? Html.Of("strong", Html.Given(row.System)) : Html.Given(row.System);

    private static string Score(MeanAndSpread? score) => score switch
    {
        null => Words.None,
        { Deviation: { } deviation } => string.Create(CultureInfo.InvariantCulture, $"{Words.Percent(score.Mean)} ± {100 * deviation:0.0}"),
        _ => Words.Percent(score.Mean),
    };
}
