// Gathers what a report shows.
using System.Reflection;
using System.Runtime.InteropServices;
using Duet.Data;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Models;
using Duet.Reports.Gathering;
using Duet.Runs;
using Duet.Studies.Robustness;
using Duet.Torch;

namespace Duet.Reports;

/// <summary>Reads a run, measures it on a table and puts all of it together. Sources that are not there leave their part empty.</summary>
public static class ReportGatherer
{
    /// <summary>Gathers.</summary>
    /// <param name="runFolder">The run.</param>
    /// <param name="options">Table, split, second run; the defaults where null.</param>
    /// <param name="progress">Called after every batch of an evaluation.</param>
    /// <param name="cancellation">Stops the job.</param>
    /// <exception cref="RunException">A run folder or a comparison is missing or damaged.</exception>
    /// <exception cref="TableException">A table that was named cannot be read, lacks a column, or has no row of the split.</exception>
    /// <exception cref="OptionException">An option is outside its range.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static ReportData Gather(
        string runFolder,
        ReportOptions? options = null,
        IProgress<UseProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new ReportOptions();
        options.Validate();
        var run = RunInspector.Inspect(runFolder);
        var notes = new List<string>();
        var data = new ReportData
        {
            Run = run,
            Made = TimeProvider.System.GetUtcNow(),
            Versions = Versions(),
            Robustness = LoadRobustness(run, notes),
            Comparison = ComparisonSource.Find(run.Folder, options.Comparison, notes),
        };
        if (Source(run, options, notes) is { } source)
        {
            var own = DataIdentity.IsSamePath(source.Path, run.Configuration.Data.Path);
            var overview = TableOverview.Of(source, run, own, cancellation);
            data = data with { Data = overview, Source = source };
            if (run.Parameters is not null && run.Schema.Tasks.Count > 0)
            {
                data = Measure(
                    data,
                    source,
                    options with
                    {
                        Split = options.Split ?? DefaultSplit(overview),
                    },
                    notes,
                    progress,
                    cancellation
                );
            }
        }

        return data with
        {
            Program = options.Program,
            TrainingCommand = options.TrainingCommand,
            Commands = RepeatCommands.Of(data, options),
            Notes = notes,
        };
    }

    private static ReportData Measure(
        ReportData data,
        TableSource source,
        ReportOptions options,
        List<string> notes,
        IProgress<UseProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var model = DuetModel.Load(data.Run.Folder.Path, options.Use);
        var first = ModelMeasurement.Of(model, source, options.Split, options.SliceColumns, progress, cancellation);
        var measured = first.Show(model, source, options, out var leftOut, cancellation);
        if (leftOut > 0)
        {
            notes.Add($"{leftOut} pictures were left out: the page's pictures would have had more than {options.PictureBytes} bytes.");
        }

        if (options.Against is not { } against)
        {
            return data with { Measured = measured };
        }

        using var other = DuetModel.Load(against, options.Use);
        var second = ModelMeasurement.Of(other, source, options.Split, [], progress, cancellation);
        var title =
            $"{ModelRegistry.Find(other.Configuration.Model).Title}, preset {other.Configuration.Preset}, seed "
            + $"{other.Configuration.Training.Seed}";
        return data with { Measured = measured, Contrast = new RunContrast(title, first.Against(against, second)) };
    }

    // A table that was named must be there; the run's own may have moved since, and the report then does without.
    private static TableSource? Source(RunSummary run, ReportOptions options, List<string> notes)
    {
        if (options.Data is { } named)
        {
            return named;
        }

        var path = run.Configuration.Data.Path;
        if (path.Length > 0 && Path.Exists(path))
        {
            return new TableSource(path) { MaxLost = options.MaxLost ?? run.Configuration.Data.MaxLost };
        }

        notes.Add(
            path.Length == 0
                ? "The run was trained on no table."
                : $"The run's table {path} is not there any more; nothing could be measured."
        );
        return null;
    }

    private static string? DefaultSplit(DataSummary data) =>
        !data.IsTrainingTable
            ? null
            : data.Splits.LastOrDefault(split => split.Rows > 0 && !string.Equals(split.Name, "train", StringComparison.Ordinal))?.Name
                ?? "train";

    // Figures of other weights say nothing about these; a damaged file is not what the report was asked for, and the rest of it can be
    // made.
    private static RobustnessReport? LoadRobustness(RunSummary run, List<string> notes)
    {
        RobustnessReport? report;
        try
        {
            report = RobustnessReport.Load(run.Folder.Path);
        }
        catch (RunException e)
        {
            notes.Add(e.Message);
            return null;
        }

        if (
            report is null
            || (
                run.Parameters is not null
                && string.Equals(report.Source.Weights, CalibrationFile.HashOf(run.Folder.WeightsFile), StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return report;
        }

        notes.Add(
            $"{RobustnessReport.FileName} was measured with other weights than the run has now, so it is left out; run `duet "
                + $"robustness` again."
        );
        return null;
    }

    private static ReportVersions Versions() =>
        new(
            typeof(ReportGatherer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
                ?? "unknown",
            TorchRuntime.Version,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"
        );
}
