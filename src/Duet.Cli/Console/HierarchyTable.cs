// Figures in taxonomies as a table.
using System.Globalization;
using Duet.Metrics.Hierarchy;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws hierarchical figures.</summary>
internal static class HierarchyTable
{
    /// <summary>One line per task with a taxonomy.</summary>
    public static Table Of(IReadOnlyDictionary<string, HierarchicalFigures> tasks)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("task in its taxonomy");
        foreach (
            var title in (string[])
                [
                    "hierarchical precision",
                    "recall",
                    "F1",
                    "accuracy by level",
                    "consistent",
                    "answered",
                    "precision with ancestors",
                    "95 % interval",
                    "by level",
                    "mean level",
                ]
        )
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (name, figures) in tasks)
        {
            var backoff = figures.Backoff;
            table.AddRow(
                Markup.Escape(name),
                ScoreTable.Share(figures.Precision),
                ScoreTable.Share(figures.Recall),
                ScoreTable.Share(figures.F1),
                string.Join(" / ", figures.LevelAccuracy.Select(level => ScoreTable.Share(level))),
                ScoreTable.Share(figures.Consistency),
                backoff is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{backoff.Answered} of {backoff.Rows}"),
                ScoreTable.Share(backoff?.Precision?.Estimate),
                CalibrationTable.Interval(backoff?.Precision),
                backoff is null ? "-" : string.Join(" / ", backoff.Levels.Select(level => ScoreTable.Share(level.Precision?.Estimate))),
                backoff?.MeanDepth?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-"
            );
        }

        return table;
    }
}
