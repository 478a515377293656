// duet calibrate
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Evaluation.Calibration;
using Duet.Inference;

namespace Duet.Cli.Commands;

/// <summary>Corrects a model's probabilities and finds thresholds that keep a promised precision.</summary>
internal sealed class CalibrateCommand : Verb
{
    // A task may have thousands of classes.
    private const int ReasonsTold = 20;

    private static readonly CalibrationOptions Defaults = new();

    private readonly Argument<string> run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet source = new(splits: true);
    private readonly UseOptionSet use = new(calibrated: false);

    private readonly Option<string?> split = new("--split")
    {
        HelpName = "NAME",
        Description = "The split to calibrate on: val unless given where the table is the run's own, the whole of another table. The training rows are refused.",
    };

    private readonly SettingOption[] settings =
    [
        new("confidence", "C", $"How sure it must be that a threshold keeps the precision, between 0 and 1 ({SettingValue.Format(Defaults.Confidence)})."),
        new("method", "NAME", $"How probabilities are corrected: temperature, vector or isotonic ({SettingValue.Format(Defaults.Method)})."),
        new("fit_share", "S", $"The share of labelled rows that fits; the others certify thresholds. 0.1 to 0.9 ({SettingValue.Format(Defaults.FitShare)})."),
        new("seed", "S", $"The seed that deals rows to the two parts ({Defaults.Seed})."),
    ];

    // --precision means the arithmetic everywhere else; here it is the promise.
    private readonly SettingOption precision = new("precision", "P", $"The share of right answers wanted among the accepted ones, between 0 and 1 ({SettingValue.Format(Defaults.Precision)}).");

    private readonly Option<bool> perClass = new("--per-class") { Description = "Give every class a threshold of its own; it takes many rows of each." };

    private readonly Option<bool> json = new("--json") { Description = "Write the calibration to standard output as JSON." };

    /// <summary>Creates the command.</summary>
    public CalibrateCommand()
        : base(
            "calibrate",
            "Corrects a model's probabilities and finds from which one on its answers can be accepted at a promised precision.",
            "Writes calibration.json into the run folder; predict then says accepted or needs review, and evaluate whether the promise held. A target that the rows cannot show is told as not reachable: every answer of that task then needs review.",
            "duet calibrate runs/first --data products.csv --split val --precision 0.95",
            "duet calibrate runs/first --data products.csv --split val --precision 0.9 --confidence 0.9 --per-class --method isotonic")
    {
        Arguments.Add(run);
        source.AddTo(this);
        Options.Add(split);
        Options.Add(precision);
        foreach (var option in settings)
        {
            Options.Add(option);
        }

        Options.Add(perClass);
        Options.Add(json);
        use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var options = Read(parsed);
        options.Validate();
        var table = source.Read(parsed);
        using var model = DuetModel.Load(parsed.GetValue(run)!, use.Read(parsed) with { Calibrated = false });
        var (calibration, quarantine) = RowProgress.Run(
            session.Terminal, "calibrating", progress => new RunCalibrator(model).Calibrate(table, parsed.GetValue(split), options, progress, session.Stop));
        if (parsed.GetValue(json))
        {
            Terminal.Say(CalibrationFile.ToJson(calibration));
        }
        else
        {
            session.Terminal.Out.Write(CalibrationTable.Of(calibration, model.Schema));
            Terminal.Say($"{calibration.Rows} products of {calibration.Split ?? "the whole table"}; written to {model.Folder.CalibrationFile}.");
        }

        TellNotes(calibration, session);
        RowProgress.TellQuarantine(session.Terminal, quarantine, where: null);
        RowProgress.TellLosses(session.Terminal, quarantine, table.LimitFor(model), parsed.GetValue(json));
        return ExitCode.Success;
    }

    private CalibrationOptions Read(ParseResult parsed) =>
        SettingOption.Apply([precision, .. settings], parsed, Defaults with { PerClass = parsed.GetValue(perClass) });

    private static void TellClasses(string task, IReadOnlyList<(string Name, string Reason)> unreachable, Session session)
    {
        foreach (var (name, reason) in unreachable.Take(ReasonsTold))
        {
            session.Terminal.Remark($"{task}, class {name}: not reachable, so answers with it need review: {reason}.");
        }

        if (unreachable.Count > ReasonsTold)
        {
            session.Terminal.Remark($"{task}: {unreachable.Count - ReasonsTold} more classes are not reachable; calibration.json has the reason of each.");
        }
    }

    private static void TellNotes(RunCalibration calibration, Session session)
    {
        foreach (var task in calibration.Tasks)
        {
            if (task.Note is { } note)
            {
                session.Terminal.Remark($"{task.Task}: {note}.");
            }

            if (task.Classes is { } classes)
            {
                TellClasses(task.Task, [.. classes.Where(own => own.Value.Reason is not null).Select(own => (own.Key, own.Value.Reason!))], session);
            }
            else if (task.Threshold.Reason is { } reason)
            {
                session.Terminal.Remark($"{task.Task}: not reachable, so every answer needs review: {reason}.");
            }
        }
    }
}
