// Calibrations and what came of them as tables.
using System.Globalization;
using Duet.Data;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws thresholds and the figures of decisions.</summary>
internal static class CalibrationTable
{
    /// <summary>What is said of a calibration that does not know for which inputs it holds.</summary>
    public const string Outdated =
        "nothing: an earlier Duet made calibration.json without saying for which inputs it holds, so every answer needs review; "
        + "calibrate again";

    /// <summary>One line per task: the correction, the threshold, and what certified it; of thresholds per class what those that there are
    /// accept together.</summary>
    public static Table Of(Certificate certificate, TaskSchema schema)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(certificate.Pattern.ToString(), "correction");
        foreach (var title in (string[])["ECE before", "after", "accepts from", "coverage", "right of accepted", "precision at least"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var task in certificate.Tasks)
        {
            // With thresholds per class the one of the whole task decides nothing.
            PrecisionThreshold[] used = [.. (task.Classes?.Values ?? [task.Threshold]).Where(own => own.IsReachable)];
            var accepted = used.Sum(own => own.Accepted);
            table.AddRow(
                Markup.Escape(task.Task),
                Markup.Escape(Correction(task.Map)),
                ScoreTable.Share(task.EceBefore),
                ScoreTable.Share(task.EceAfter),
                Threshold(task),
                Coverage(
                    task,
                    accepted,
                    schema.Tasks.First(own => string.Equals(own.Name, task.Task, StringComparison.Ordinal)).Kind == TaskKind.MultiLabel
                ),
                accepted > 0 ? string.Create(CultureInfo.InvariantCulture, $"{used.Sum(own => own.Right)} of {accepted}") : "-",
                // Every class has a bound of its own; one for all of them together was not certified.
                task.Classes
                    is null
                    ? ScoreTable.Share(task.Threshold.LowerBound)
                    : "-"
            );
        }

        return table;
    }

    /// <summary>Of an evaluated, calibrated run one line per task and input pattern; a broken promise in red.</summary>
    public static Table Of(IReadOnlyDictionary<string, DecisionFigures> decisions)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("task", "inputs");
        foreach (
            var title in (string[])
                ["accepted", "coverage", "precision", "95 % interval", "target", "promise", "ECE before", "after", "NLL before", "after"]
        )
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (task, all) in decisions)
        {
            foreach (
                var (inputs, figures) in all.Patterns ?? new Dictionary<string, DecisionFigures>(StringComparer.Ordinal) { ["all"] = all }
            )
            {
                table.AddRow(
                    Markup.Escape(task),
                    Markup.Escape(inputs),
                    string.Create(CultureInfo.InvariantCulture, $"{figures.Accepted} of {figures.Rows}"),
                    figures.Coverage is { } coverage ? Percent(coverage) : "-",
                    figures.Precision is { } precision ? ScoreTable.Share(precision.Estimate)
                        : figures.Reachable ? "-"
                        : "not reachable",
                    Interval(figures.Precision),
                    ScoreTable.Share(figures.Target),
                    figures.Broken ? "[red]broken[/]"
                        : figures.Precision is { } kept
                            ? kept.Estimate >= figures.Target ? "kept"
                                : "within chance"
                        : "-",
                    ScoreTable.Share(figures.EceBefore),
                    ScoreTable.Share(figures.EceAfter),
                    ScoreTable.Share(figures.NllBefore),
                    ScoreTable.Share(figures.NllAfter)
                );
            }
        }

        return table;
    }

    /// <summary>One line per input pattern: how many products are unlike the catalogue, beside what was certified.</summary>
    public static Table Of(IReadOnlyDictionary<string, NoveltyFigures> novelty)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("unlike the catalogue");
        foreach (var title in (string[])["products", "share", "95 % interval", "certified", "by picture", "by text", "as a whole"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (inputs, figures) in novelty)
        {
            string Part(string name) => figures.Parts.GetValueOrDefault(name).ToString(CultureInfo.InvariantCulture);
            var share = figures.Share is { } measured ? Percent(measured.Estimate) : "-";
            table.AddRow(
                Markup.Escape(inputs),
                string.Create(CultureInfo.InvariantCulture, $"{figures.Outside} of {figures.Rows}"),
                figures.Shifted ? $"[red]{share}[/]" : share,
                Interval(figures.Share),
                Percent(figures.Certified.Estimate),
                Part("picture"),
                Part("text"),
                Part("product")
            );
        }

        return table;
    }

    /// <summary>A certificate in a few words: <c>text alone (817 rows, 809 of them with their picture hidden)</c>.</summary>
    public static string Describe(Certificate certificate) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{certificate.Pattern} ({certificate.Rows} "
                + $"rows{(certificate.Hidden > 0 ? $", in {certificate.Hidden} of them further inputs were hidden" : string.Empty)})"
        );

    /// <summary>The threshold of a task in a word or two.</summary>
    public static string Threshold(TaskCalibration task) =>
        task.Classes is { } classes
            ? string.Create(CultureInfo.InvariantCulture, $"{classes.Values.Count(own => own.IsReachable)} of {classes.Count} classes")
        : task.Threshold.IsReachable ? ScoreTable.Share(task.Threshold.Threshold)
        : "not reachable";

    /// <summary>An interval, or a dash.</summary>
    public static string Interval(ConfidenceInterval? interval) =>
        interval is null ? "-" : $"{ScoreTable.Share(interval.Low)} to {ScoreTable.Share(interval.High)}";

    // The classes' rows add up to the answers where an answer is one class; in a multi-label task a row counts for each class that it is
    // given.
    private static string Coverage(TaskCalibration task, int accepted, bool multiLabel) =>
        task.Classes is null
            ? task.Threshold.IsReachable
                ? Percent(task.Threshold.Coverage)
                : "-"
            : accepted == 0 || multiLabel
                ? "-"
                : Percent((double)accepted / task.TestingRows);

    private static string Correction(ProbabilityMap map) =>
        map.Method switch
        {
            CalibrationMethod.Isotonic => string.Create(CultureInfo.InvariantCulture, $"isotonic, {map.Scores.Count} knots"),
            CalibrationMethod.Vector => "vector",
            _ => string.Create(CultureInfo.InvariantCulture, $"temperature {map.Temperature:0.00}"),
        };

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
