// duet evaluate
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;

namespace Duet.Cli.Commands;

/// <summary>Measures a trained model on a table.</summary>
internal sealed class EvaluateCommand : Verb
{
    private readonly Argument<string> run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet source = new(splits: true);
    private readonly UseOptionSet use = new();

    private readonly Option<string?> split = new("--split")
    {
        HelpName = "NAME",
        Description = "train, val or test, or any other name in the split column; the whole table unless given. A run that was split by fractions finds its own split again.",
    };

    private readonly Option<string?> json = new("--json")
    {
        HelpName = "FILE",
        Description = "Write all figures as JSON to a file, or to standard output where no file is named.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Creates the command.</summary>
    public EvaluateCommand()
        : base(
            "evaluate",
            "Measures a trained model on a labelled table.",
            "Per task: accuracy with its 95 % interval, macro F1, top-5 accuracy and recall at fixed precision; the JSON has more (calibration, per-class scores, ...). Rows with a missing label do not count for that task.",
            "duet evaluate runs/first --data products.csv --split test",
            "duet evaluate runs/first --data kept-aside.csv --json scores.json")
    {
        Arguments.Add(run);
        source.AddTo(this);
        Options.Add(split);
        Options.Add(json);
        use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var table = source.Read(parsed);
        using var model = DuetModel.Load(parsed.GetValue(run)!, use.Read(parsed));
        var result = RowProgress.Run(
            session.Terminal, "evaluating", progress => new Evaluator(model).Evaluate(table, parsed.GetValue(split), progress: progress, cancellation: session.Stop));
        var (report, asked, file) = (result.Report, parsed.GetResult(json) is not null, parsed.GetValue(json));
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
            session.Terminal.Out.Write(ScoreTable.Of(report));
            if (report.Decisions is { } decisions)
            {
                session.Terminal.Out.Write(CalibrationTable.Of(decisions));
            }

            Terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.N} products of {report.Split ?? "the whole table"}, mean accuracy {ScoreTable.Share(report.MeanAccuracy)}, {Duration.Of(result.Elapsed)} ({rate:0}/s)."));
        }

        RowProgress.TellQuarantine(session.Terminal, result.Quarantine, where: null);
        return ExitCode.Success;
    }
}
