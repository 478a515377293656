// The commands that repeat what a report shows.
using System.Globalization;
using System.Text.Json;
using Duet.Data;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Metrics.Slices;
using Duet.Studies.Robustness;

namespace Duet.Reports.Gathering;

/// <summary>Puts together command lines.</summary>
internal static class RepeatCommands
{
    private static readonly CalibrationOptions Usual = new();
    private static readonly float UsualThreshold = new ModelUseOptions().Threshold;

    /// <summary>The commands behind the parts that are there.</summary>
    public static IReadOnlyList<RepeatCommand> Of(ReportData data, ReportOptions options)
    {
        var run = data.Run.Folder.Path;
        var commands = new List<RepeatCommand>();
        if (options.TrainingCommand is { } training)
        {
            commands.Add(new RepeatCommand("Train the model again (into another folder)", training));
        }

        commands.Add(
            new RepeatCommand("Settings, sizes and validation scores of every epoch", ShellCommand.Of("duet", "inspect", run, "--settings"))
        );
        if (data.Run.Calibration is { } calibration)
        {
            commands.Add(new RepeatCommand("Calibrated probabilities and thresholds", Calibrate(run, calibration, data.Source)));
        }

        if (data.Robustness is { } robustness)
        {
            commands.Add(
                new RepeatCommand("Accuracy and the picture's weight with corrupted inputs", Robustness(run, robustness, data.Source))
            );
        }

        if (data.Measured is { } measured && data.Source is { } source)
        {
            string?[] split = measured.Report.Split is { } name ? ["--split", name] : [];
            commands.Add(
                new RepeatCommand(
                    "All metrics, curves and scores of every class as JSON",
                    ShellCommand.Of([
                        "duet",
                        "evaluate",
                        run,
                        .. TableArguments.Of(source),
                        .. split,
                        .. Slices(options.SliceColumns),
                        "--json",
                        "scores.json",
                    ])
                )
            );
            commands.Add(
                new RepeatCommand(
                    "The predictions for every row",
                    ShellCommand.Of(["duet", "predict", run, .. TableArguments.Of(source, splits: false), "--output", "predictions.csv"])
                )
            );
        }

        commands.Add(new RepeatCommand("This report", options.ReportCommand ?? Report(data, options)));
        return commands;
    }

    private static string Calibrate(string run, RunCalibration calibration, TableSource? shown) =>
        ShellCommand.Of([
            "duet",
            "calibrate",
            run,
            .. Table(calibration.Arguments, calibration.Table, shown),
            .. calibration.Split is { } split ? (string[])["--split", split] : [],
            "--precision",
            Exact(calibration.Precision),
            "--confidence",
            Exact(calibration.Confidence),
            .. calibration.PerClass ? (string[])["--per-class"] : [],
            .. calibration.Method != Usual.Method
                ? (string[])["--method", JsonNamingPolicy.SnakeCaseLower.ConvertName(calibration.Method.ToString())]
                : [],
            .. calibration.FitShare != Usual.FitShare ? (string[])["--fit-share", Exact(calibration.FitShare)] : [],
            .. calibration.Outside != Usual.Outside ? (string[])["--outside", Exact(calibration.Outside)] : [],
            .. calibration.Seed != Usual.Seed ? (string[])["--seed", Exact(calibration.Seed)] : [],
            .. Threshold(calibration) is var threshold && threshold != UsualThreshold
                ? (string[])["--threshold", threshold.ToString(CultureInfo.InvariantCulture)]
                : [],
        ]);

    // It was a float when it was asked for, and is written as that: 0.3 and not 0.30000001192092896.
    private static float Threshold(RunCalibration calibration) => (float)calibration.Given;

    // Rounded, it would be another calibration.
    private static string Exact(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Robustness(string run, RobustnessReport report, TableSource? shown) =>
        ShellCommand.Of([
            "duet",
            "robustness",
            run,
            .. Table(report.Arguments, report.Source.Table, shown),
            .. report.Source.Split is { } split ? (string[])["--split", split] : [],
            .. report.Source.Sample is { } sample ? (string[])["--sample", Exact(sample)] : [],
            "--seed",
            report.Source.Seed.ToString(CultureInfo.InvariantCulture),
        ]);

    private static IEnumerable<string> Slices(IEnumerable<string> columns) => columns.SelectMany(column => (string[])["--slice", column]);

    private static string Report(ReportData data, ReportOptions options) =>
        ShellCommand.Of([
            "duet",
            "report",
            data.Run.Folder.Path,
            .. data is { Measured: not null, Source: { } source } ? TableArguments.Of(source) : [],
            .. data.Measured?.Report.Split is { } split ? (string[])["--split", split] : [],
            .. options.Against is { } against ? (string[])["--against", against] : [],
            .. Slices(options.SliceColumns.Where(column => !string.Equals(column, ColumnSlices.Inputs, StringComparison.Ordinal))),
            .. data.Comparison is { } comparison ? (string[])["--ablation", comparison.File] : [],
            .. options.Examples != new ReportOptions().Examples ? (string[])["--examples", Exact(options.Examples)] : [],
            .. options.Explain ? (string[])[] : ["--no-explanations"],
        ]);

    // Files of an earlier Duet have the table's path or name alone; the table that is shown says more where it is the same.
    private static IEnumerable<string> Table(IReadOnlyList<string> arguments, string table, TableSource? shown) =>
        arguments.Count > 0 ? arguments
        : shown is not null
        && (DataIdentity.IsSamePath(shown.Path, table) || string.Equals(NameOf(shown.Path), table, StringComparison.Ordinal))
            ? TableArguments.Of(shown)
        : ["--data", table];

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
