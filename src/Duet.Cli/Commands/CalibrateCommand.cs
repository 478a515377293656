// duet calibrate
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Runs;

namespace Duet.Cli.Commands;

/// <summary>Corrects a model's probabilities and finds thresholds that keep a promised precision.</summary>
internal sealed class CalibrateCommand : Verb
{
    // A task may have thousands of classes.
    private const int ReasonsTold = 20;

    // Catalogues repeat titles, but not most of them.
    private const double SuspiciousShare = 0.5;

    private static readonly CalibrationOptions Defaults = new();

    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet _source = new(splits: true);
    private readonly UseOptionSet _use = new(calibrated: false);

    private readonly Option<string?> _split = new("--split")
    {
        HelpName = "NAME",
        Description =
            "The split to calibrate on: val unless given where the table is the run's own, the whole of another table. The training "
            + "rows are refused.",
    };

    private readonly SettingOption[] _settings =
    [
        new(
            "confidence",
            "C",
            $"How sure it must be that a threshold keeps the precision, between 0 and 1 ({SettingValue.Format(Defaults.Confidence)})."
        ),
        new(
            "method",
            "NAME",
            $"How probabilities are corrected: temperature, vector or isotonic ({SettingValue.Format(Defaults.Method)})."
        ),
        new(
            "fit_share",
            "S",
            $"The share of labelled rows that fits; the others certify thresholds. 0.1 to 0.9 ({SettingValue.Format(Defaults.FitShare)})."
        ),
        new(
            "outside",
            "S",
            $"The share of usual products that may count as unlike the catalogue; their answers need review. 0.001 to 0.5 "
                + $"({SettingValue.Format(Defaults.Outside)})."
        ),
        new("seed", "S", $"The seed that deals rows to the two parts ({Defaults.Seed})."),
    ];

    // --precision means the arithmetic everywhere else; here it is the promise.
    private readonly SettingOption _precision = new(
        "precision",
        "P",
        $"The share of right answers wanted among the accepted ones, between 0 and 1 ({SettingValue.Format(Defaults.Precision)})."
    );

    private readonly Option<bool> _perClass = new("--per-class")
    {
        Description = "Give every class its own threshold; this needs many rows of each.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write the calibration to standard output as JSON." };

    /// <summary>Creates the command.</summary>
    public CalibrateCommand()
        : base(
            "calibrate",
            "Corrects a model's probabilities and finds the thresholds above which its answers can be accepted at a promised precision.",
            "Writes calibration.json into the run folder; predict then says accepted, or why an answer needs review, and evaluate "
                + "whether the promise held. Thresholds are certified for products with picture and text, with a picture alone and "
                + "with a text "
                + "alone. Products unlike those of the table need review. So does every answer of a task whose target the rows cannot "
                + "show (not "
                + "reachable).",
            "duet calibrate runs/first --data products.csv --split val --precision 0.95",
            "duet calibrate runs/first --data products.csv --split val --precision 0.9 --confidence 0.9 --per-class --method isotonic"
        )
    {
        Arguments.Add(_run);
        _source.AddTo(this);
        Options.Add(_split);
        Options.Add(_precision);
        foreach (var option in _settings)
        {
            Options.Add(option);
        }

        Options.Add(_perClass);
        Options.Add(_json);
        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var options = Read(parsed);
        options.Validate();
        var table = _source.Read(parsed, session);
        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed) with { Calibrated = false });
        var result = RowProgress.Run(
            session.Terminal,
            "calibrating",
            progress => new RunCalibrator(model).Calibrate(table, parsed.GetValue(_split), options, progress, session.Stop)
        );
        var (calibration, quarantine, unseen) = result;
        if (parsed.GetValue(_json))
        {
            Terminal.Say(CalibrationFile.ToJson(calibration));
        }
        else
        {
            foreach (var certificate in calibration.Certificates)
            {
                session.Terminal.Out.Write(CalibrationTable.Of(certificate, model.Schema));
            }

            Terminal.Say(
                $"{calibration.Rows} products of {calibration.Split ?? "the whole table"}; written to {model.Folder.CalibrationFile}."
            );
        }

        TellNotes(calibration, session);
        if (!result.HasTrainingTexts && calibration.Novelty.Text is not null)
        {
            session.Terminal.Remark(
                $"The table that the run was trained on ({model.Configuration.Data.Path}) cannot be read, so texts are compared with "
                    + $"those of this table alone, which shows fewer strange ones."
            );
        }

        if (result.TrainingTextShare > SuspiciousShare)
        {
            session.Terminal.Warn(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{100 * result.TrainingTextShare:0} % of these rows have a text that the model was trained on. If they are the "
                        + $"rows of training, the promise does not hold for new products: calibrate on rows that training did not have."
                )
            );
        }

        RowProgress.TellUnseenLabels(session.Terminal, model.Schema, unseen);
        RowProgress.TellQuarantine(session.Terminal, quarantine, where: null);
        RowProgress.TellLosses(session.Terminal, quarantine, table.LimitFor(model), parsed.GetValue(_json));
        return ExitCode.Success;
    }

    private CalibrationOptions Read(ParseResult parsed) =>
        SettingOption.Apply([_precision, .. _settings], parsed, Defaults with { PerClass = parsed.GetValue(_perClass) });

    private static void TellClasses(string task, IReadOnlyList<(string Name, string Reason)> unreachable, Session session)
    {
        foreach (var (name, reason) in unreachable.Take(ReasonsTold))
        {
            session.Terminal.Remark($"{task}, class {name}: not reachable, so answers with it need review: {reason}.");
        }

        if (unreachable.Count > ReasonsTold)
        {
            session.Terminal.Remark(
                $"{task}: {unreachable.Count - ReasonsTold} more classes are not reachable; calibration.json has the reason of each."
            );
        }
    }

    private static void TellNotes(RunCalibration calibration, Session session)
    {
        if (calibration.Certificates.Count == 0)
        {
            session.Terminal.Remark("The rows are too few for any certificate, so every answer needs review.");
        }

        foreach (var certificate in calibration.Certificates.Where(certificate => certificate.Hidden > 0))
        {
            session.Terminal.Remark(
                $"{CalibrationTable.Describe(certificate)}: the table has too few rows with just these inputs. The promise holds "
                    + $"where an input is missing by chance."
            );
        }

        // Of the certificates for fewer inputs calibration.json has the reasons.
        foreach (var task in calibration.Certificates is [var first, ..] ? first.Tasks : [])
        {
            TellTask(task, session);
        }
    }

    private static void TellTask(TaskCalibration task, Session session)
    {
        if (task.Note is { } note)
        {
            session.Terminal.Remark($"{task.Task}: {note}.");
        }

        if (task.Classes is { } classes)
        {
            TellClasses(
                task.Task,
                [.. classes.Where(own => own.Value.Reason is not null).Select(own => (own.Key, own.Value.Reason!))],
                session
            );
        }
        else if (task.Threshold.Reason is { } reason)
        {
            session.Terminal.Remark($"{task.Task}: not reachable, so every answer needs review: {reason}.");
        }
    }
}
