// Calibrations and what came of them as tables.
using System.Globalization;
using Duet.Data;
using Duet.Evaluation;
using Duet.Evaluation.Calibration;
using Spectre.Console;

namespace Duet.Cli.Console;

/// <summary>Draws thresholds and the figures of decisions.</summary>
internal static class CalibrationTable
{
    /// <summary>One line per task: the correction, the threshold, and what certified it; of thresholds per class what those that there are accept together.</summary>
    public static Table Of(RunCalibration calibration, TaskSchema schema)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("task", "correction");
        foreach (var title in (string[])["ECE before", "after", "accepts from", "coverage", "right of accepted", "precision at least"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var task in calibration.Tasks)
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
                Coverage(task, accepted, schema.Tasks.First(own => string.Equals(own.Name, task.Task, StringComparison.Ordinal)).Kind == TaskKind.MultiLabel),
                accepted > 0 ? string.Create(CultureInfo.InvariantCulture, $"{used.Sum(own => own.Right)} of {accepted}") : "-",

                // Every class has a bound of its own; one for all of them together was not certified.
                task.Classes is null ? ScoreTable.Share(task.Threshold.LowerBound) : "-");
        }

        return table;
    }

    /// <summary>One line per task of an evaluated, calibrated run.</summary>
    public static Table Of(IReadOnlyDictionary<string, DecisionFigures> decisions)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("task");
        foreach (var title in (string[])["accepted", "coverage", "precision", "95 % interval", "target", "ECE before", "after", "NLL before", "after"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (task, figures) in decisions)
        {
            table.AddRow(
                Markup.Escape(task),
                string.Create(CultureInfo.InvariantCulture, $"{figures.Accepted} of {figures.Rows}"),
                figures.Coverage is { } coverage ? Percent(coverage) : "-",
                figures.Precision is { } precision ? ScoreTable.Share(precision.Estimate) : figures.Reachable ? "-" : "not reachable",
                Interval(figures.Precision),
                ScoreTable.Share(figures.Target),
                ScoreTable.Share(figures.EceBefore),
                ScoreTable.Share(figures.EceAfter),
                ScoreTable.Share(figures.NllBefore),
                ScoreTable.Share(figures.NllAfter));
        }

        return table;
    }

    /// <summary>The threshold of a task in a word or two.</summary>
    public static string Threshold(TaskCalibration task) => task.Classes is { } classes
        ? string.Create(CultureInfo.InvariantCulture, $"{classes.Values.Count(own => own.IsReachable)} of {classes.Count} classes")
        : task.Threshold.IsReachable ? ScoreTable.Share(task.Threshold.Threshold) : "not reachable";

    /// <summary>An interval, or a dash.</summary>
    public static string Interval(ConfidenceInterval? interval) => interval is null ? "-" : $"{ScoreTable.Share(interval.Low)} to {ScoreTable.Share(interval.High)}";

    // The classes' rows add up to the answers where an answer is one class; in a multi-label task a row counts for each class that it is given.
    private static string Coverage(TaskCalibration task, int accepted, bool multiLabel) => task.Classes is null
        ? task.Threshold.IsReachable ? Percent(task.Threshold.Coverage) : "-"
        : accepted == 0 || multiLabel ? "-" : Percent((double)accepted / task.TestingRows);

    private static string Correction(ProbabilityMap map) => map.Method switch
    {
        CalibrationMethod.Isotonic => string.Create(CultureInfo.InvariantCulture, $"isotonic, {map.Scores.Count} knots"),
        CalibrationMethod.Vector => "vector",
        _ => string.Create(CultureInfo.InvariantCulture, $"temperature {map.Temperature:0.00}"),
    };

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
