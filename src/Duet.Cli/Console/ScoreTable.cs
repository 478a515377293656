// Figures of an evaluation as a table.
using System.Globalization;
using Duet.Metrics;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws an evaluation report.</summary>
internal static class ScoreTable
{
    /// <summary>One line per task.</summary>
    public static Table Of(EvaluationReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("task");
        string[] precisions = [.. report.Tasks.Values.SelectMany(task => task.RecallAtPrecision.Keys).Distinct(StringComparer.Ordinal)];
        var recalls = precisions.Select((precision, i) => (i == 0 ? "recall at precision " : string.Empty) + precision.TrimStart('0'));
        foreach (var title in (string[])["n", "accuracy", "95 % interval", "macro F1", "top 5", .. recalls, "unseen labels"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (name, task) in report.Tasks)
        {
            table.AddRow([
                Markup.Escape(name),
                task.N.ToString(CultureInfo.InvariantCulture),
                Share(task.Accuracy),
                task.AccuracyInterval is { } interval ? $"{Share(interval.Low)} to {Share(interval.High)}" : "-",
                Share(task.MacroF1),
                Share(task.Top5),
                .. precisions.Select(precision => Share(RecallAt(task, precision))),
                task.UnseenLabels.ToString(CultureInfo.InvariantCulture),
            ]);
        }

        return table;
    }

    /// <summary>A share of 1 with four places, or a dash where it is undefined.</summary>
    public static string Share(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

    private static double? RecallAt(TaskMetrics task, string precision) =>
        task.RecallAtPrecision.TryGetValue(precision, out var recall) ? recall : null;
}
