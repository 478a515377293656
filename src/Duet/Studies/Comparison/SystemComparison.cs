// Trains and evaluates many systems under one protocol.
using System.Text.Json;
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Training;

namespace Duet.Studies.Comparison;

/// <summary>
/// Compares systems: trains each with each seed on the same table, splits and recipe, evaluates it on one split, and writes one table
/// (<c>comparison.md</c>, <c>.csv</c>, <c>.json</c>) that is brought up to date after every run. Called again it continues: runs that
/// are done are taken from their folders, one that was interrupted is resumed, one that failed is tried again. A run that fails is
/// reported in its row; the others go on. Runs are in <c>runs/SYSTEM/seed-N</c>.
/// </summary>
public sealed class SystemComparison
{
    private readonly ComparisonOptions _options;
    private readonly string _output;
    private readonly Dictionary<(string System, ulong Seed), ComparedRun> _runs = [];
    private readonly Dictionary<string, string> _unmeasured = new(StringComparer.Ordinal);
    private ComparisonProtocol _protocol;

    private SystemComparison(ComparisonOptions options, string output, ComparisonProtocol protocol) =>
        (_options, _output, _protocol) = (options, output, protocol);

    /// <summary>Begins a comparison, or opens the one in the folder to go on with it.</summary>
    /// <param name="options">The protocol; validated here.</param>
    /// <param name="output">The comparison's folder: not there yet, empty, or of a comparison with the same protocol.</param>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    /// <exception cref="TableException">The table lacks a column or cannot be read.</exception>
    /// <exception cref="RunException">The folder holds something else, or a comparison with another protocol; the message says what
    /// differs.</exception>
    public static SystemComparison Open(ComparisonOptions options, string output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        options.Validate();
        options = options with { Systems = [.. options.Systems.Select(system => system with { Training = system.Training.Decided() })] };

        // A wrong column is reported now, not once per system.
        ProductTable.Open(options.Data.ToTable());
        var comparison = new SystemComparison(options, Path.GetFullPath(output), ComparisonProtocol.Open(output, options));
        comparison.CheckExistingRuns();
        return comparison;
    }

    /// <summary>Makes the runs that are missing. Call it on the thread that should compute.</summary>
    /// <returns>The table; interrupted where <paramref name="cancellation"/> said so, and everything made so far is kept.</returns>
    /// <exception cref="IOException">The table of figures cannot be written.</exception>
    public ComparisonResult Run(IComparisonProgress progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var number = 0;
        var total = _options.Seeds.Count * _options.Systems.Count;
        try
        {
            // Seed by seed, so that the table has a line for every system early.
            foreach (var seed in _options.Seeds)
            {
                foreach (var system in _options.Systems)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress.Begin(system, seed, ++number, total);
                    var run = RunOne(system, seed, progress, cancellation);
                    _runs[(system.Label, seed)] = run;
                    Table().Save(_output);
                    progress.End(run);
                }
            }

            return new ComparisonResult(Table(), Finished: true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            var table = Table();
            table.Save(_output);
            return new ComparisonResult(table, Finished: false);
        }
    }

    private ComparedRun RunOne(ComparedSystem system, ulong seed, IComparisonProgress progress, CancellationToken cancellation)
    {
        var folder = new RunFolder(Path.Combine(_output, RelativeFolder(system, seed)));
        try
        {
            if (ComparedRun.Load(folder.Path) is { } done)
            {
                return done;
            }

            var configuration = Configure(system, seed, Epochs(system, progress, cancellation));
            var job = File.Exists(folder.ConfigurationFile)
                ? TrainingJob.Resume(folder.Path)
                : TrainingJob.Start(configuration, folder.Path);
            var result = progress.Watch(watch => job.Run(watch, cancellation));
            if (!result.Finished)
            {
                throw new OperationCanceledException(cancellation);
            }

            var run = Evaluate(system, seed, folder, result, cancellation);
            run.Save(folder.Path);
            return run;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever one system fails of stands in its row and must not cost the others their runs.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new ComparedRun
            {
                System = system.Label,
                Seed = seed,
                Folder = RelativeFolder(system, seed),
                Error = Describe(e),
            };
        }
    }

    private ComparedRun Evaluate(ComparedSystem system, ulong seed, RunFolder folder, TrainingResult result, CancellationToken cancellation)
    {
        var training = system.Training;
        using var model = DuetModel.Load(
            folder.Path,
            new ModelUseOptions
            {
                Threads = training.Threads,
                LoaderThreads = training.LoaderThreads,
                Device = training.Device,
            }
        );
        var evaluation = new Evaluator(model).Evaluate(
            new TableSource(_options.Data.Path) { MaxLost = _options.Data.MaxLost },
            _options.Split,
            cancellation: cancellation
        );
        var report = evaluation.Report;
        report.Save(Path.Combine(folder.Path, "evaluation.json"));
        RunOutcomes.Of(evaluation.Ids, evaluation.Predictions).Save(folder.Path);
        return new ComparedRun
        {
            System = system.Label,
            Seed = seed,
            Folder = RelativeFolder(system, seed),
            Scores = report
                .Tasks.Select(task => (task.Key, Score: task.Value.MultiLabel ? task.Value.MicroF1 : task.Value.Accuracy))
                .Where(task => task.Score is not null)
                .ToDictionary(task => task.Key, task => task.Score!.Value, StringComparer.Ordinal),
            Parameters = result.Parameters,
            SamplesPerSecond = TrainingRate(folder.MetricsFile),
            Epochs = model.Configuration.Training.Epochs,
            BestEpoch = result.BestEpoch,
        };
    }

    // The median, because another program on the same machine disturbs single epochs.
    private static double TrainingRate(string metricsFile)
    {
        var rates = new List<double>();
        foreach (var line in File.ReadLines(metricsFile))
        {
            using var epoch = JsonDocument.Parse(line);
            if (string.Equals(epoch.RootElement.GetProperty("stage").GetString(), "training", StringComparison.Ordinal))
            {
                rates.Add(epoch.RootElement.GetProperty("samples_per_second").GetDouble());
            }
        }

        rates.Sort();
        return rates.Count == 0 ? 0 : (rates[(rates.Count - 1) / 2] + rates[rates.Count / 2]) / 2;
    }

    // With a time budget: measured once per system, then the same for all seeds and for ever.
    private int Epochs(ComparedSystem system, IComparisonProgress progress, CancellationToken cancellation)
    {
        if (_options.Minutes is not { } minutes)
        {
            return system.Training.Epochs;
        }

        if (!_protocol.Epochs.TryGetValue(system.Folder, out var epochs))
        {
            if (_unmeasured.TryGetValue(system.Folder, out var reason))
            {
                throw new TrainingException(reason);
            }

            epochs = MeasureEpochs(system, minutes, cancellation);
            _protocol = _protocol with
            {
                Epochs = new Dictionary<string, int>(_protocol.Epochs, StringComparer.Ordinal) { [system.Folder] = epochs },
            };
            _protocol.Save(_output);
            progress.Note(
                FormattableString.Invariant($"{system.Label}: {minutes} minutes are {epochs} epochs at the rate of the warm-up.")
            );
        }

        return epochs;
    }

    private int MeasureEpochs(ComparedSystem system, double minutes, CancellationToken cancellation)
    {
        try
        {
            var configuration = Configure(system, _options.Seeds[0], system.Training.Epochs);
            return EpochBudget.Measure(configuration, minutes, Path.Combine(_output, "warm-up"), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _unmeasured[system.Folder] = $"the warm-up failed: {e.Message}";
            throw;
        }
    }

    private RunConfiguration Configure(ComparedSystem system, ulong seed, int epochs) =>
        new()
        {
            Model = system.Model,
            Preset = system.Preset,
            Options = system.Options,
            Data = _options.Data,
            Training = system.Training with { Seed = seed, Epochs = epochs },
        };

    // Runs that are there already must be runs of this protocol, or the table would compare unlike things.
    private void CheckExistingRuns()
    {
        foreach (var (system, seed) in _options.Systems.SelectMany(system => _options.Seeds.Select(seed => (system, seed))))
        {
            var folder = new RunFolder(Path.Combine(_output, RelativeFolder(system, seed)));
            if (!File.Exists(folder.ConfigurationFile))
            {
                continue;
            }

            var saved = folder.LoadConfiguration();
            var epochs = _options.Minutes is null
                ? system.Training.Epochs
                : _protocol.Epochs.GetValueOrDefault(system.Folder, saved.Training.Epochs);
            if (FirstDifference(saved, Configure(system, seed, epochs)) is { } difference)
            {
                throw new RunException(
                    $"{folder.Path} holds a run with other settings ({difference}). Go on with those it began with, or name another "
                        + $"--output."
                );
            }
        }
    }

    private static string? FirstDifference(RunConfiguration saved, RunConfiguration asked)
    {
        var lines = RunConfigurationFile
            .ToText(OnAnyMachine(saved))
            .Split('\n')
            .Zip(RunConfigurationFile.ToText(OnAnyMachine(asked)).Split('\n'));
        var difference = lines.FirstOrDefault(pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
        return difference == default ? null : $"{difference.First.Trim()}, now {difference.Second.Trim()}";
    }

    // Threads, device and caches say where a run is made, not what.
    private static RunConfiguration OnAnyMachine(RunConfiguration configuration)
    {
        var standard = new TrainingOptions();
        return configuration with
        {
            Training = configuration.Training with
            {
                Threads = standard.Threads,
                AdaptThreads = standard.AdaptThreads,
                LoaderThreads = standard.LoaderThreads,
                Device = standard.Device,
                CheckpointMinutes = standard.CheckpointMinutes,
                PictureCacheBytes = standard.PictureCacheBytes,
            },
        };
    }

    // Duet's own errors say everything; of others the kind helps.
    private static string Describe(Exception e) =>
        e.GetType().Namespace?.StartsWith(nameof(Duet), StringComparison.Ordinal) == true ? e.Message : $"{e.GetType().Name}: {e.Message}";

    private ComparisonTable Table()
    {
        var first = Outcomes(_options.Systems[0]);
        return new()
        {
            Split = _options.Split,
            Minutes = _options.Minutes,
            Seeds = _options.Seeds,
            Tasks = [.. _options.Data.TaskColumns, .. _options.Data.MultiLabelColumns],
            Command = _options.Command,
            Systems =
            [
                .. _options.Systems.Select(
                    (system, number) =>
                        ComparisonRow.Of(system, $"runs/{system.Folder}", Runs(system)) with
                        {
                            Interval = SystemDifference.Interval(number == 0 ? first : Outcomes(system)),
                            Difference = number == 0 ? null : SystemDifference.Of(Outcomes(system), first),
                        }
                ),
            ],
        };
    }

    private List<ComparedRun> Runs(ComparedSystem system) =>
        [.. _options.Seeds.Select(seed => _runs.GetValueOrDefault((system.Label, seed))).OfType<ComparedRun>()];

    private Dictionary<ulong, RunOutcomes> Outcomes(ComparedSystem system) =>
        Runs(system)
            .Where(run => run.Error is null)
            .Select(run => (run.Seed, Outcomes: RunOutcomes.Load(Path.Combine(_output, run.Folder))))
            .Where(run => run.Outcomes is not null)
            .ToDictionary(run => run.Seed, run => run.Outcomes!);

    private static string RelativeFolder(ComparedSystem system, ulong seed) =>
        FormattableString.Invariant($"runs/{system.Folder}/seed-{seed}");
}
