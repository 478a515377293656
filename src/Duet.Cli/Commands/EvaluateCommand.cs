// duet evaluate
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;
using Duet.Metrics.Slices;
using Spectre.Console;

namespace Duet.Cli.Commands;

/// <summary>Measures a trained model on a table.</summary>
internal sealed class EvaluateCommand : Verb
{
    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet _source = new(splits: true);
    private readonly UseOptionSet _use = new();

    private readonly Option<string?> _split = new("--split")
    {
        HelpName = "NAME",
        Description =
            "train, val or test, or any other name in the split column; the whole table unless given. A run that was split by "
            + "fractions finds its own split again.",
    };

    private readonly Option<string?> _json = new("--json")
    {
        HelpName = "FILE",
        Description = "Write all figures as JSON to a file, or to standard output where no file (or -) is named.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _slice = new("--slice")
    {
        HelpName = "COLUMN",
        Description =
            $"Show the figures for every value of a column (language, brand, ...) and how far apart they are; {ColumnSlices.Inputs} "
            + $"slices by which of picture and text is present. May be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _atPrecision = new("--at-precision")
    {
        HelpName = "P",
        Description =
            $"The precision at which recall is measured, above 0 and at most 1 "
            + $"({string.Join(" and ", new EvaluationOptions().Precisions.Select(precision => SettingValue.Format(precision)))}). May "
            + $"be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _against = new("--against")
    {
        HelpName = "RUN2",
        Description =
            "Another run to compare with on the same rows: accuracies with the interval of their difference, McNemar's test, and "
            + "recall at that run's own precision.",
    };

    /// <summary>Creates the command.</summary>
    public EvaluateCommand()
        : base(
            "evaluate",
            "Measures a trained model on a labelled table.",
            "Per task: accuracy with its 95 % interval, macro F1, top-5 accuracy and recall at fixed precision; the JSON has more "
                + "(calibration, per-class scores, confusions, ...). Rows with a missing label do not count for that task.",
            "duet evaluate runs/first --data products.csv --split test",
            "duet evaluate runs/first --data kept-aside.csv --json scores.json",
            "duet evaluate runs/first --data products.csv --split test --slice language --slice @inputs --against runs/second"
        )
    {
        Arguments.Add(_run);
        _source.AddTo(this);
        Options.Add(_split);
        Options.Add(_slice);
        Options.Add(_atPrecision);
        Options.Add(_against);
        Options.Add(_json);
        Options.Add(OutputOption.Overwrite);
        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var table = _source.Read(parsed, session);
        var (asked, file) = OutputOption.ReadJson(parsed, _json, table.Path);
        var precisions = Precisions(parsed.GetValue(_atPrecision));
        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        var options = new EvaluationOptions
        {
            Threshold = model.Options.Threshold,
            SliceColumns = parsed.GetValue(_slice) ?? [],
            Precisions = precisions,
        };
        var result = RowProgress.Run(
            session.Terminal,
            "evaluating",
            progress => new Evaluator(model).Evaluate(table, parsed.GetValue(_split), options, progress, session.Stop)
        );
        if (parsed.GetValue(_against) is { } other)
        {
            result = result with { Report = result.Report with { Against = Compare(result, other, table, options, parsed, session) } };
        }

        var report = result.Report;
        if (file is not null)
        {
            report.Save(file);
        }

        if (asked && file is null)
        {
            Terminal.Say(report.ToJson());
        }
        else
        {
            var rate = report.N / Math.Max(result.Elapsed.TotalSeconds, 1e-6);
            var measured =
                report.MeasuredTasks == report.Tasks.Count ? string.Empty : $"over {report.MeasuredTasks} of {report.Tasks.Count} tasks ";
            session.Terminal.Out.Write(ScoreTable.Of(report));
            Draw(report, session.Terminal.Out);
            Terminal.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.N} products of {report.Split ?? "the whole table"}, mean accuracy "
                        + $"{measured}{ScoreTable.Share(report.MeanAccuracy)}, {Duration.Of(result.Elapsed)} ({rate:0}/s)."
                )
            );
        }

        TellPromises(report, model.Calibration, session);
        RowProgress.TellQuarantine(session.Terminal, result.Quarantine, where: null);
        RowProgress.TellLongTexts(session.Terminal, result.LongTexts);
        RowProgress.TellUnseenLabels(session.Terminal, model.Schema, result.UnseenLabels);
        RowProgress.TellUnseenFeatures(session.Terminal, result.UnseenFeatures);
        RowProgress.TellLosses(session.Terminal, result.Quarantine, result.Limit, machine: asked && file is null);
        return ExitCode.Success;
    }

    private static IReadOnlyList<double> Precisions(string[]? named) =>
        named is not { Length: > 0 }
            ? new EvaluationOptions().Precisions
            :
            [
                .. named.Select(text =>
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var precision) && precision is > 0 and <= 1
                        ? precision
                        : throw new UsageException(
                            $"--at-precision is '{text}'; it must be a number above 0 and at most 1, for instance 0.9."
                        )
                ),
            ];

    private PairedEvaluation Compare(
        EvaluationResult result,
        string other,
        TableSource table,
        EvaluationOptions options,
        ParseResult parsed,
        Session session
    )
    {
        using var baseline = DuetModel.Load(other, _use.Read(parsed));
        var second = RowProgress.Run(
            session.Terminal,
            "evaluating the other run",
            progress =>
                new Evaluator(baseline).Evaluate(
                    table,
                    parsed.GetValue(_split),
                    options with
                    {
                        Resamples = 0,
                        SliceColumns = [],
                    },
                    progress,
                    session.Stop
                )
        );
        return PairedEvaluation.Of(other, result.Predictions, result.Rows, second.Predictions, second.Rows, options);
    }

    // What contradicts the certificate must not be read out of a table.
    private static void TellPromises(EvaluationReport report, RunCalibration? calibration, Session session)
    {
        if (calibration is { Certificates.Count: 0 })
        {
            session.Terminal.Warn($"Certified for {CalibrationTable.Outdated}.");
        }

        foreach (var (task, all) in report.Decisions ?? new Dictionary<string, DecisionFigures>(StringComparer.Ordinal))
        {
            foreach (
                var (inputs, figures) in (all.Patterns ?? new Dictionary<string, DecisionFigures>(StringComparer.Ordinal)).Where(pattern =>
                    pattern.Value.Broken
                )
            )
            {
                session.Terminal.Warn(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"PROMISE BROKEN: {task}, {inputs}: {figures.Right} of {figures.Accepted} accepted answers are right, at most "
                            + $"{ScoreTable.Share(figures.Precision!.High)} with 95 % confidence; promised was "
                            + $"{ScoreTable.Share(figures.Target)}. These "
                            + $"products differ from those of the calibration; calibrate on rows like them."
                    )
                );
            }
        }

        foreach (
            var (inputs, figures) in (report.Novelty ?? new Dictionary<string, NoveltyFigures>(StringComparer.Ordinal)).Where(pattern =>
                pattern.Value.Shifted
            )
        )
        {
            session.Terminal.Warn(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Products with {inputs} have changed: {figures.Outside} of {figures.Rows} are unlike the catalogue, "
                        + $"{100 * figures.Share!.Estimate:0.0} % where {100 * figures.Certified.Estimate:0.0} % were certified. "
                        + $"Their answers need review; "
                        + $"calibrate on rows like them."
                )
            );
        }
    }

    private static void Draw(EvaluationReport report, IAnsiConsole console)
    {
        if (report.Decisions is { } decisions)
        {
            console.Write(CalibrationTable.Of(decisions));
        }

        if (report.Novelty is { Count: > 0 } novelty)
        {
            console.Write(CalibrationTable.Of(novelty));
        }

        if (report.Hierarchy is { } hierarchy)
        {
            console.Write(HierarchyTable.Of(hierarchy));
        }

        foreach (var (column, slices) in report.Slices ?? new Dictionary<string, ColumnSlices>(StringComparer.Ordinal))
        {
            console.Write(SliceTable.Of(column, slices));
        }

        if (report.Against is { } paired)
        {
            console.Write(PairedTable.Of(paired));
        }
    }
}
