// The commands that repeat what a report shows.
using System.Globalization;
using System.Text.Json;
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Studies.Robustness;
using Duet.Metrics.Slices;
using Duet.Inference;

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

        commands.Add(new RepeatCommand("Settings, sizes and validation scores of every epoch", ShellCommand.Of("duet", "inspect", run, "--settings")));
        if (data.Run.Calibration is { } calibration)
        {
            commands.Add(new RepeatCommand("Calibrated probabilities and thresholds", Calibrate(run, calibration)));
        }

        if (data.Robustness is { } robustness)
        {
            commands.Add(new RepeatCommand("Accuracy and the picture's weight under noise", Robustness(run, data.Data?.Path, robustness.Source)));
        }

        if (data.Measured is { } measured)
        {
            string?[] split = measured.Report.Split is { } name ? ["--split", name] : [];
            commands.Add(new RepeatCommand(
                "All metrics, curves and scores of every class as JSON",
                ShellCommand.Of(["duet", "evaluate", run, .. Table(measured.Path, options), .. split, .. Slices(options.SliceColumns), "--json", "scores.json"])));
            commands.Add(new RepeatCommand(
                "The predictions for every row", ShellCommand.Of(["duet", "predict", run, .. Table(measured.Path, options, splits: false), "--output", "predictions.csv"])));
        }

        commands.Add(new RepeatCommand("This report", options.ReportCommand ?? Report(data, options)));
        return commands;
    }

    private static string Calibrate(string run, RunCalibration calibration) => ShellCommand.Of(
    [
        "duet", "calibrate", run, "--data", calibration.Table,
        .. calibration.Split is { } split ? (string[])["--split", split] : [],
        "--precision", Exact(calibration.Precision), "--confidence", Exact(calibration.Confidence),
        .. calibration.PerClass ? (string[])["--per-class"] : [],
        .. calibration.Method != Usual.Method ? (string[])["--method", JsonNamingPolicy.SnakeCaseLower.ConvertName(calibration.Method.ToString())] : [],
        .. calibration.FitShare != Usual.FitShare ? (string[])["--fit-share", Exact(calibration.FitShare)] : [],
        .. calibration.Outside != Usual.Outside ? (string[])["--outside", Exact(calibration.Outside)] : [],
        .. calibration.Seed != Usual.Seed ? (string[])["--seed", Exact(calibration.Seed)] : [],
        .. Threshold(calibration) is var threshold && threshold != UsualThreshold ? (string[])["--threshold", threshold.ToString(CultureInfo.InvariantCulture)] : [],
    ]);

    // It was a float when it was asked for, and is written as that: 0.3 and not 0.30000001192092896.
    private static float Threshold(RunCalibration calibration) => (float)calibration.Given;

    // Rounded, it would be another calibration.
    private static string Exact(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Robustness(string run, string? table, RobustnessSource source) => ShellCommand.Of(
    [
        "duet", "robustness", run, "--data", table ?? source.Table,
        .. source.Split is { } split ? (string[])["--split", split] : [],
        .. source.Sample is { } sample ? (string[])["--sample", Exact(sample)] : [],
        "--seed", source.Seed.ToString(CultureInfo.InvariantCulture),
    ]);

    private static IEnumerable<string> Slices(IEnumerable<string> columns) => columns.SelectMany(column => (string[])["--slice", column]);

    private static string Report(ReportData data, ReportOptions options) => ShellCommand.Of(
    [
        "duet", "report", data.Run.Folder.Path,
        .. data.Measured is { } measured ? Table(measured.Path, options) : [],
        .. data.Measured?.Report.Split is { } split ? (string[])["--split", split] : [],
        .. options.Against is { } against ? (string[])["--against", against] : [],
        .. Slices(options.SliceColumns.Where(column => !string.Equals(column, ColumnSlices.Inputs, StringComparison.Ordinal))),
        .. data.Comparison is { } comparison ? (string[])["--ablation", comparison.File] : [],
        .. options.Examples != new ReportOptions().Examples ? (string[])["--examples", Exact(options.Examples)] : [],
        .. options.Explain ? (string[])[] : ["--no-explanations"],
    ]);

    // The table, and where its columns are other ones than the run's.
    private static IEnumerable<string> Table(string path, ReportOptions options, bool splits = true)
    {
        var source = options.Data ?? new TableSource(path);
        return
        [
            "--data", path,
            .. source.Format is DataFormat.Auto or DataFormat.Table ? (string[])[] : ["--data-format", DataFormats.NameOf(source.Format)],
            .. source.TextColumns is { Count: 0 } ? ["--without-text"] : Named("--text", source.TextColumns),
            .. source.ImageColumns is { Count: 0 } ? ["--without-image"] : Named("--image", source.ImageColumns),
            .. source.FeatureColumns is { Count: 0 } ? ["--without-features"] : Named("--feature", source.FeatureColumns),
            .. Named("--id", source.IdColumn is { } id ? [id] : null),
            .. Named("--split-column", splits && source.SplitColumn is { } column ? [column] : null),
            .. Named("--delimiter", source.Delimiter is { } delimiter ? [delimiter is '\t' ? "\\t" : delimiter.ToString()] : null),
            .. Named("--encoding", source.Encoding is { } encoding ? [encoding] : null),
            .. Named("--image-folder", source.ImageFolders),
            .. Named("--placeholder", source.Placeholders),
            .. source.MaxLost.Equals(LossLimit.DefaultShare) ? (string[])[] : ["--max-lost", Exact(source.MaxLost)],
        ];
    }

    private static IEnumerable<string> Named(string option, IReadOnlyList<string>? values) => (values ?? []).SelectMany(value => (string[])[option, value]);
}
