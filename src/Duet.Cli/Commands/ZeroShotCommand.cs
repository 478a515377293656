// duet zero-shot
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;
using Duet.Models;
using Duet.Torch.Safetensors;

namespace Duet.Cli.Commands;

/// <summary>Classifies with labels that the model was not trained on.</summary>
internal sealed class ZeroShotCommand : Verb
{
    private static readonly string DefaultTemplate = new ZeroShotOptions { Labels = [] }.Templates[0];

    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet _source = new(splits: true);
    private readonly UseOptionSet _use = new();

    private readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "LIST|FILE",
        Description =
            "The labels: with commas between them, or a text file with one per line. With --task they may be left out: then all "
            + "values of that column.",
    };

    private readonly Option<string[]> _template = new("--template")
    {
        HelpName = "TEXT",
        Description =
            $"A sentence with {ZeroShotOptions.Placeholder} for the label (\"{DefaultTemplate}\"). Given again, a label is the mean "
            + $"over all of them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _inputs = new("--inputs")
    {
        HelpName = "both|image|text",
        Description = "What of a product is compared with the labels; with both, the sum of the two embeddings.",
        DefaultValueFactory = _ => "both",
    };

    private readonly Option<string?> _task = new("--task")
    {
        HelpName = "COLUMN",
        Description = "With --data: the column with the right labels, to measure against.",
    };

    private readonly Option<string?> _split = new("--split")
    {
        HelpName = "NAME",
        Description = "With --task: the split that is measured; the whole table unless given.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "With --data: a .csv or .jsonl to write the label of every row to, with its probability; - for standard output.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write the answer, or the figures, to standard output as JSON." };

    /// <summary>Creates the command.</summary>
    public ZeroShotCommand()
        : base(
            "zero-shot",
            "Classifies by labels that the model was never trained on, put into sentences.",
            "For runs of clip, cma-clip or coca that were trained contrastively: with --pretrain-epochs, or imported. A product gets "
                + "the label whose sentences are closest to its picture, its text, or both in the towers' joint space.",
            "duet zero-shot runs/clip --labels shoe,bag,hat --image shoe.jpg",
            "duet zero-shot runs/clip --labels labels.txt --template \"a photo of a {}.\" --template \"a {} for sale\" --image "
                + "shoe.jpg --text \"ADIDAS Women Spring\"",
            "duet zero-shot runs/clip --data products.csv --task category --split test --inputs image"
        )
    {
        Arguments.Add(_run);
        Options.Add(_labels);
        Options.Add(_template);
        _source.AddTo(this);
        _source.Image.HelpName = _source.Text.HelpName = "VALUE";
        _source.Image.Description = "A picture file. With --data: a picture column, if it differs from training.";
        _source.Text.Description = "The product's text. With --data: a text column, if it differs from training. May be given again.";
        foreach (var option in (Option[])[_inputs, _task, _split, _output, OutputOption.Overwrite, _json])
        {
            Options.Add(option);
        }

        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var isTable = parsed.GetValue(_source.Data) is not null;
        Check(parsed, isTable);
        var table = isTable ? _source.Read(parsed, session) : null;
        var file = OutputOption.Read(parsed, _output, table?.Path, ".csv", ".jsonl");
        if (file is not null && DirectOutput.IsStandardOutput(file) && parsed.GetValue(_task) is not null)
        {
            throw new UsageException("--task and --output - would both write to standard output; name a file for the rows.");
        }

        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        var options = new ZeroShotOptions
        {
            Labels = parsed.GetValue(_labels) is { } list
                ? ZeroShotLabels.Parse(list)
                : ZeroShotLabels.FromColumn(model, table!, parsed.GetValue(_task)!),
            Inputs = (InputModalities)SettingValue.Parse("inputs", parsed.GetValue(_inputs)!, typeof(InputModalities))!,
        };
        options = parsed.GetValue(_template) is { Length: > 0 } templates ? options with { Templates = templates } : options;
        var classifier = new ZeroShotClassifier(model, options, session.Stop);
        Remark(model, classifier, session);
        if (table is null)
        {
            return One(parsed, classifier, session);
        }

        if (parsed.GetValue(_task) is { } column)
        {
            Measure(parsed, classifier, table, column, session);
        }

        if (file is not null)
        {
            var summary = RowProgress.Run(
                session.Terminal,
                "classifying",
                progress => classifier.Predict(table, file, progress, session.Stop)
            );
            session.Terminal.Line(
                string.Create(CultureInfo.InvariantCulture, $"{summary.Rows} rows in {Duration.Of(summary.Elapsed)}: {summary.Files[0]}")
            );
            RowProgress.TellQuarantine(session.Terminal, summary.Quarantine, summary.Files.Count > 1 ? summary.Files[1] : null);
            RowProgress.TellLongTexts(session.Terminal, summary.LongTexts);
            RowProgress.TellLosses(session.Terminal, summary.Quarantine, summary.Limit, parsed.GetValue(_json));
        }

        return ExitCode.Success;
    }

    private void Check(ParseResult parsed, bool isTable)
    {
        var (hasTask, hasOutput) = (parsed.GetValue(_task) is not null, parsed.GetValue(_output) is not null);
        var message = (isTable, hasTask, hasOutput) switch
        {
            (true, false, false) => "--data is given without --task (to measure) or --output (to write the labels); name one of them.",
            (false, true, _) or (false, _, true) => "--task and --output belong to --data.",
            _ when parsed.GetValue(_split) is not null && !hasTask => "--split belongs to --task.",
            _ when parsed.GetValue(_labels) is null && !hasTask =>
                "--labels is missing: name the labels to choose from, for instance --labels shoe,bag,hat.",
            (false, _, _)
                when parsed.GetValue(_source.Image) is not { Length: > 0 } && parsed.GetValue(_source.Text) is not { Length: > 0 } =>
                "Name a product with --image and --text (one of them is enough), or a table with --data.",
            _ => null,
        };
        if (message is not null)
        {
            throw new UsageException(message);
        }
    }

    private int One(ParseResult parsed, ZeroShotClassifier classifier, Session session)
    {
        var answer = new Classification([
            classifier.Classify(
                new ProductInput
                {
                    Pictures = [.. (parsed.GetValue(_source.Image) ?? []).Select(ProductPicture.FromFile)],
                    Texts = parsed.GetValue(_source.Text) ?? [],
                }
            ),
        ]);
        if (parsed.GetValue(_json))
        {
            Terminal.Say(AnswerJson.Of(answer));
        }
        else
        {
            session.Terminal.Out.Write(AnswerTable.Of(answer));
        }

        return ExitCode.Success;
    }

    private void Measure(ParseResult parsed, ZeroShotClassifier classifier, TableSource table, string column, Session session)
    {
        var result = RowProgress.Run(
            session.Terminal,
            "classifying",
            progress => classifier.Evaluate(table, column, parsed.GetValue(_split), progress, session.Stop)
        );
        if (parsed.GetValue(_json))
        {
            Terminal.Say(result.Report.ToJson());
        }
        else
        {
            session.Terminal.Out.Write(ScoreTable.Of(result.Report));
            Terminal.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Report.N} products of {result.Report.Split ?? "the whole table"}, zero-shot accuracy "
                        + $"{ScoreTable.Share(result.Report.Tasks[column].Accuracy)}, {Duration.Of(result.Elapsed)}."
                )
            );
        }

        RowProgress.TellQuarantine(session.Terminal, result.Quarantine, where: null);
        RowProgress.TellLongTexts(session.Terminal, result.LongTexts);
        RowProgress.TellLosses(session.Terminal, result.Quarantine, result.Limit, parsed.GetValue(_json));
    }

    private static void Remark(DuetModel model, ZeroShotClassifier classifier, Session session)
    {
        if (model.Configuration.Training is { PretrainEpochs: 0, Pretrained: null })
        {
            session.Terminal.Remark(
                "This run had no contrastive pre-training (--pretrain-epochs) and began with random weights: its answers are random."
            );
        }

        if (classifier.TruncatedSentences > 0)
        {
            session.Terminal.Remark(
                $"{classifier.TruncatedSentences} label sentences are longer than the model's "
                    + $"{model.Configuration.Options.ContextLength} tokens; their ends were not read."
            );
        }
    }
}
