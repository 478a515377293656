// A run against another as a table.
using System.Globalization;
using Duet.Metrics;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws paired figures.</summary>
internal static class PairedTable
{
    /// <summary>One line per task.</summary>
    public static Table Of(PairedEvaluation paired)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape($"against {paired.Run}"));
        foreach (
            var title in (string[])
                [
                    "n",
                    "accuracy",
                    "its",
                    "difference",
                    "95 % interval",
                    "p (bootstrap)",
                    "p (McNemar)",
                    "its precision",
                    "recall there",
                    "its",
                ]
        )
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (name, task) in paired.Tasks)
        {
            var difference = task.AccuracyDifference;
            table.AddRow(
                Markup.Escape(name),
                task.N.ToString(CultureInfo.InvariantCulture),
                ScoreTable.Share(task.Accuracy),
                ScoreTable.Share(task.BaselineAccuracy),
                ScoreTable.Share(difference?.Difference.Estimate),
                CalibrationTable.Interval(difference?.Difference),
                ScoreTable.Share(difference?.PValue),
                ScoreTable.Share(task.McNemar.PValue),
                ScoreTable.Share(task.BaselinePrecision),
                ScoreTable.Share(task.RecallAtBaselinePrecision),
                ScoreTable.Share(task.BaselineRecall)
            );
        }

        return table;
    }
}
