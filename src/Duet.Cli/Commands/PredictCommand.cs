// duet predict
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Data;
using Duet.Inference;

namespace Duet.Cli.Commands;

/// <summary>Classifies one product, or fills in a whole table.</summary>
internal sealed class PredictCommand : Verb
{
    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet _source = new(splits: false);
    private readonly UseOptionSet _use = new();

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description =
            "With --data: the .csv or .jsonl to write, or - for standard output. A .csv has the table's id column and for every task "
            + "the label, TASK_probability and TASK_image_share; a line of a .jsonl has what --json shows, with the id. Rows that "
            + "cannot be used "
            + "are listed in FILE.quarantine.csv.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "For one product: write the answers as JSON." };

    /// <summary>Creates the command.</summary>
    public PredictCommand()
        : base(
            "predict",
            "Classifies one product by its picture and text, or every row of a table.",
            "Each answer comes with its probability and with the shares of picture and text. Tables may be of any size: they are read "
                + "and written row by row.",
            "duet predict runs/first --image shoe.jpg --text \"ADIDAS Women Spring\"",
            "duet predict runs/first --text \"ADIDAS Women Spring\" --json",
            "duet predict runs/first --data products.csv --output predictions.csv",
            "duet predict runs/first --data products.csv --output - | head"
        )
    {
        Arguments.Add(_run);
        _source.AddTo(this);
        _source.Image.HelpName = _source.Text.HelpName = "VALUE";
        _source.Image.Description = "A picture file. With --data: a picture column, if it differs from training. May be given again.";
        _source.Text.Description =
            "The product's text. With --data: a text column, if it differs from training. May be given again: texts are joined in "
            + "this order.";
        _source.Feature.HelpName = "VALUE";
        _source.Feature.Description =
            "A feature of the product as COLUMN=VALUE, for runs trained with --feature; what is not given counts as unknown. With "
            + "--data: a feature column, if it differs from training. May be given again.";
        Options.Add(_output);
        Options.Add(OutputOption.Overwrite);
        Options.Add(_json);
        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session) =>
        parsed.GetValue(_source.Data) is null ? One(parsed, session) : Many(parsed, session);

    private int One(ParseResult parsed, Session session)
    {
        string[] pictures = parsed.GetValue(_source.Image) ?? [];
        string[] texts = parsed.GetValue(_source.Text) ?? [];
        if (pictures.Length + texts.Length == 0)
        {
            throw new UsageException(
                "Name a product with --image and --text (one of them is enough), or a table with --data and --output."
            );
        }

        if (parsed.GetValue(_output) is not null)
        {
            throw new UsageException("--output belongs to --data; a single product's answers are written to standard output.");
        }

        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        TellOutdated(model, session);
        var answers = model.Classify(
            new ProductInput
            {
                Pictures = [.. pictures.Where(path => !string.IsNullOrWhiteSpace(path)).Select(ProductPicture.FromFile)],
                Texts = texts,
                Features = SourceOptionSet.Values(parsed.GetValue(_source.Feature)),
            }
        );
        if (parsed.GetValue(_json))
        {
            Terminal.Say(AnswerJson.Of(answers));
        }
        else
        {
            session.Terminal.Out.Write(AnswerTable.Of(answers));
        }

        if (answers.TextTruncated)
        {
            session.Terminal.Remark(new LongTextCount(model.Inputs.LongText, model.Inputs.ContextLength, 1, 1).Sentence!);
        }

        return ExitCode.Success;
    }

    private int Many(ParseResult parsed, Session session)
    {
        if (parsed.GetValue(_output) is null)
        {
            throw new UsageException("--output is missing: name the .csv or .jsonl to write the predictions to, or - for standard output.");
        }

        var table = _source.Read(parsed, session);
        var file = OutputOption.Read(parsed, _output, table.Path, ".csv", ".jsonl")!;
        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        TellOutdated(model, session);
        var summary = RowProgress.Run(
            session.Terminal,
            "predicting",
            progress => new Predictor(model).Predict(table, file, progress, session.Stop)
        );
        OutputOption.Tell(
            session,
            file,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Rows} rows in {Duration.Of(summary.Elapsed)} ({summary.RowsPerSecond:0}/s): {summary.Files[0]}"
            )
        );
        RowProgress.TellQuarantine(session.Terminal, summary.Quarantine, summary.Files.Count > 1 ? summary.Files[1] : null);
        RowProgress.TellLongTexts(session.Terminal, summary.LongTexts);
        RowProgress.TellUnseenFeatures(session.Terminal, summary.UnseenFeatures);
        RowProgress.TellLosses(session.Terminal, summary.Quarantine, summary.Limit);
        return ExitCode.Success;
    }

    private static void TellOutdated(DuetModel model, Session session)
    {
        if (model.Calibration is { Certificates.Count: 0 })
        {
            session.Terminal.Warn($"Certified for {CalibrationTable.Outdated}.");
        }
    }
}
