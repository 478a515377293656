// duet train
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;
using Duet.Reports;
using Duet.Runs;
using Duet.Training;
using Spectre.Console;

namespace Duet.Cli.Commands;

/// <summary>Trains a model on a table, or continues a run that was stopped.</summary>
internal sealed class TrainCommand : Verb
{
    private readonly TableOptionSet _table = new();
    private readonly RecipeOptionSet _recipe = new();

    private readonly Option<double?> _minutes = new("--minutes")
    {
        HelpName = "M",
        Description =
            "Training time instead of --epochs: a short warm-up measures the rate on this machine, and the time becomes a number of "
            + "epochs. Validation takes about a twentieth in addition.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "RUN",
        Description =
            "The run folder to write: weights, labels, tokenizer, configuration, metrics, checkpoints. It must not hold anything yet, "
            + "except with --resume.",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description =
            "Continue the run in --output from its last checkpoint, to exactly the weights it would have had without the stop. A "
            + "finished run is extended with more --epochs: it continues from its last epoch, and the learning rate warms up again "
            + "and anneals "
            + "to the new end. --threads may change too. Other options may be repeated but not changed.",
    };

    private readonly Option<bool> _listSettings = new("--list-settings")
    {
        Description = "Show every setting of the recipe and of the --model with its value, and stop.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write the outcome to standard output as JSON." };

    private readonly Option<bool> _noReport = new("--no-report")
    {
        Description = "Do not write report.html at the end (`duet report RUN` writes it at any time).",
    };

    private readonly Option<bool> _noExplanations = new("--no-explanations")
    {
        Description = "Leave the attention maps out of report.html.",
    };

    /// <summary>Creates the command.</summary>
    public TrainCommand()
        : base(
            "train",
            "Trains a model on a table of products and writes a run folder.",
            "Broken pictures and unusable rows are set aside (quarantine.csv in the run folder); training uses the rest. Ctrl-C stops "
                + "cleanly; --resume continues.",
            "duet train --data products.csv --text title --image image --task category --task color --output runs/first",
            "duet train --data products.csv --text title --text description --image image --task category --split-column split "
                + "--epochs 30 --precision bf16 --output runs/second",
            "duet train --data products.csv --text title --image image --task category --precision auto --minutes 15 --output runs/third",
            "duet train --output runs/second --resume",
            "duet train --output runs/second --resume --epochs 80",
            "duet train --model cma-clip --preset tiny --list-settings"
        )
    {
        _table.AddTo(this);
        _recipe.AddTo(this);
        foreach (var option in (Option[])[_minutes, _output, _resume, _noReport, _noExplanations, _listSettings, _json])
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        if (parsed.GetValue(_listSettings))
        {
            return ListSettings(Configure(parsed), session);
        }

        var folder =
            parsed.GetValue(_output)
            ?? throw new UsageException("--output is missing: name the run folder to write, for instance --output runs/first.");
        var job = Job(parsed, folder, session);
        var result = LiveProgress.Run(session.Terminal, progress => job.Run(progress, session.Stop));
        Report(parsed, result, folder, session);
        if (result.Finished && !parsed.GetValue(_noReport))
        {
            WriteReport(job.Configuration.Training, parsed, folder, session);
        }

        RowProgress.TellQuarantine(session.Terminal, result.SetAside, new RunFolder(folder).QuarantineFile);
        RowProgress.TellLosses(session.Terminal, result.Losses, result.Limit, parsed.GetValue(_json));

        return result.Finished ? ExitCode.Success : ExitCode.Interrupted;
    }

    private TrainingJob Job(ParseResult parsed, string folder, Session session)
    {
        var isRun = File.Exists(new RunFolder(folder).ConfigurationFile);
        if (parsed.GetValue(_minutes) is { } wanted)
        {
            _recipe.RequireOneBudget(parsed, wanted);
        }

        if (!parsed.GetValue(_resume))
        {
            return Begin(parsed, folder, session);
        }

        if (isRun)
        {
            var saved = new RunFolder(folder).LoadConfiguration();
            double? maxLost = parsed.GetValue(_table.MaxLost) is null ? null : _table.Read(parsed, saved.Data).MaxLost;
            var asked = RefuseChanges(saved, parsed, folder);
            var job =
                asked.Epochs == saved.Training.Epochs
                    ? TrainingJob.Resume(folder, maxLost)
                    : TrainingJob.Prolong(folder, asked.Epochs, maxLost);
            if ((asked.Threads, asked.AdaptThreads) == (saved.Training.Threads, saved.Training.AdaptThreads))
            {
                return job;
            }

            session.Terminal.Remark(
                "The run goes on with another number of threads than before, so its weights will differ in their last bits from those "
                    + "of a run that was not stopped."
            );
            return job.WithThreads(asked.Threads, asked.AdaptThreads);
        }

        // Killed before the run had written anything, or never started: the whole command says how to begin.
        if (parsed.GetValue(_table.Data) is null)
        {
            throw new UsageException(
                $"{folder} holds no run to resume. Start one with --data and without --resume, or name the run folder."
            );
        }

        session.Terminal.Remark($"{folder} holds no run yet; starting it.");
        return Begin(parsed, folder, session);
    }

    private TrainingJob Begin(ParseResult parsed, string folder, Session session)
    {
        var configuration = Configure(parsed);
        TableOptionSet.RequireComplete(configuration.Data);
        var job = TrainingJob.Start(configuration, folder);
        if (parsed.GetValue(_minutes) is not { } budget)
        {
            return job;
        }

        session.Terminal.Remark("Measuring how fast this machine trains ...");
        var epochs = EpochBudget.Measure(configuration, budget, Path.TrimEndingDirectorySeparator(folder) + ".warm-up", session.Stop);
        session.Terminal.Remark(FormattableString.Invariant($"{budget} minutes are {epochs} epochs."));
        return TrainingJob.Start(configuration with { Training = configuration.Training with { Epochs = epochs } }, folder);
    }

    private RunConfiguration Configure(ParseResult parsed)
    {
        var begun = _recipe.Begin(parsed);
        return _recipe.Read(parsed, TableOptionSet.Combine(begun, _table.Read(parsed, begun.Data)));
    }

    /// <summary>A resumed run keeps its configuration: an option that says something else is a mistake worth telling. Other epochs prolong
    /// it, and threads are this machine's.</summary>
    /// <returns>The recipe that was asked for: the run's own but for its epochs and threads.</returns>
    private TrainingOptions RefuseChanges(RunConfiguration saved, ParseResult parsed, string folder)
    {
        var (model, preset) = _recipe.Named(parsed);
        var asked = _recipe.Read(
            parsed,
            saved with
            {
                Model = model ?? saved.Model,
                Preset = preset ?? saved.Preset,
                Data = _table.Read(parsed, saved.Data),
            }
        );
        if (asked.Training.Precision == Precision.Auto)
        {
            // Decided when the run began.
            asked = asked with
            {
                Training = asked.Training with { Precision = saved.Training.Precision },
            };
        }

        // How much may be lost is up to the user who resumes.
        asked = asked with
        {
            Data = asked.Data with { MaxLost = saved.Data.MaxLost },
        };
        foreach (var (before, after) in Recipe.All(saved).Zip(Recipe.All(asked)))
        {
            if (!string.Equals(before.Value, after.Value, StringComparison.Ordinal) && !Recipe.MayChange(before.Name))
            {
                throw new UsageException(
                    $"The run in {folder} has {OptionNames.Of(before.Name, this) ?? before.Name} {before.Value}, the command line "
                        + $"says {after.Value}. A resumed run keeps the settings it began with: leave the option out, or start a new "
                        + $"run with another --output."
                );
            }
        }

        return asked.Training;
    }

    private static int ListSettings(RunConfiguration configuration, Session session)
    {
        var grid = new Table().Border(TableBorder.Simple).AddColumns("setting", "value", "what may be written");
        foreach (var setting in Recipe.All(configuration).Where(setting => setting.Name.Contains('.', StringComparison.Ordinal)))
        {
            if (!setting.Name.StartsWith("data.", StringComparison.Ordinal))
            {
                grid.AddRow(Markup.Escape(setting.Name), Markup.Escape(setting.Value), Markup.Escape(SettingValue.Describe(setting.Type)));
            }
        }

        session.Terminal.Out.Write(grid);
        session.Terminal.Remark("Write them as --set NAME=VALUE; the prefix may be left out.");
        return ExitCode.Success;
    }

    private void Report(ParseResult parsed, TrainingResult result, string folder, Session session)
    {
        if (parsed.GetValue(_json))
        {
            Terminal.Say(
                JsonSerializer.Serialize(
                    new
                    {
                        run = folder,
                        finished = result.Finished,
                        best_score = result.BestScore,
                        best_epoch = result.BestEpoch,
                        parameters = result.Parameters,
                        quarantined = result.Quarantined,
                        seconds = result.Elapsed.TotalSeconds,
                    }
                )
            );
            return;
        }

        var terminal = session.Terminal;
        if (!result.Finished)
        {
            terminal.Line(
                $"Stopped; the run in {folder} is saved. Go on with: {ShellCommand.Of("duet", "train", "--output", folder, "--resume")}"
            );
            return;
        }

        var score =
            result.BestScore is { } best
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"kept the weights of epoch {result.BestEpoch}, mean validation score {best:0.0000}"
                )
            : result.ValidationRows == 0 ? "no validation split, so the last epoch's weights were kept"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"no label of the {result.ValidationRows} validation rows is a class of the training rows, so nothing was validated "
                    + $"and the last epoch's weights were kept"
            );
        Terminal.Say($"Trained in {Duration.Of(result.Elapsed)}: {score}.");
        Terminal.Advise($"The run is in {folder}; try: {ShellCommand.Of("duet", "inspect", folder)}");
    }

    private void WriteReport(TrainingOptions training, ParseResult parsed, string folder, Session session)
    {
        var use = new ModelUseOptions
        {
            Threads = training.Threads,
            LoaderThreads = training.LoaderThreads,
            Device = training.Device,
        };
        if (
            ReportCommand.WriteAfterTraining(folder, use, !parsed.GetValue(_noExplanations), session) is { } file
            && !parsed.GetValue(_json)
        )
        {
            Terminal.Say($"The report is in {file}; open it in a browser.");
        }
    }
}
