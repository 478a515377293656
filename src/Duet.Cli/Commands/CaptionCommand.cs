// duet caption
using System.CommandLine;
using System.Text.Json;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;
using Duet.Models.Generation;

namespace Duet.Cli.Commands;

/// <summary>Writes captions for pictures.</summary>
internal sealed class CaptionCommand : Verb
{
    private static readonly CaptionOptions Defaults = new(0, 0, 0, 2);

    private readonly Argument<string> _run = UseOptionSet.RunArgument();

    private readonly Option<string[]> _image = new("--image")
    {
        HelpName = "FILE",
        Description = "A picture file. May be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly SettingOption[] _settings =
    [
        new("method", "greedy|beam|top-p", "How the next token is chosen (greedy)."),
        new("maximum_length", "N", "The most tokens of a caption, start and end included (the model's context length)."),
        new("minimum_length", "N", $"The end is forbidden before this many tokens ({Defaults.MinimumLength})."),
        new("beams", "N", $"Candidates that beam search keeps, 1 to 256 ({Defaults.Beams})."),
        new(
            "length_penalty",
            "P",
            $"Beam search: 0 favours short captions, larger values long ones ({SettingValue.Format(Defaults.LengthPenalty)})."
        ),
        new(
            "top_p",
            "P",
            $"Draws from the most probable tokens that together have this probability ({SettingValue.Format(Defaults.TopP)})."
        ),
        new(
            "temperature",
            "T",
            $"Divides the logits before a draw: below 1 is bolder, above 1 more varied ({SettingValue.Format(Defaults.Temperature)})."
        ),
        new("seed", "S", $"The seed of the draws ({Defaults.Seed})."),
    ];

    private readonly Option<bool> _json = new("--json") { Description = "Write file and caption of every picture as JSON." };
    private readonly UseOptionSet _use = new();

    /// <summary>Creates the command.</summary>
    public CaptionCommand()
        : base(
            "caption",
            "Writes captions for pictures with a run of CoCa.",
            "CoCa learns captions in pre-training (`--pretrain-epochs`), from the texts of the table, or brings them from a published "
                + "checkpoint. It learns to write what it is shown, so train it on unchanged texts (token_split and token_dropout at "
                + "0). With "
                + "auxiliary_caption_weight it keeps what it has learned while the tasks are trained.",
            "duet train --model coca --data products.csv --text title --image image --task category --pretrain-epochs 20 --set "
                + "token_split=0 --set token_dropout=0 --set auxiliary_caption_weight=1 --output runs/coca",
            "duet caption runs/coca --image shoe.jpg",
            "duet caption runs/coca --image shoe.jpg --image bag.jpg --method beam --beams 6 --json"
        )
    {
        Arguments.Add(_run);
        Options.Add(_image);
        foreach (var option in _settings)
        {
            Options.Add(option);
        }

        Options.Add(_json);
        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var files = parsed.GetValue(_image) is { Length: > 0 } named
            ? named
            : throw new UsageException("--image is missing: name the pictures.");
        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        var captioner = new Captioner(model, SettingOption.Apply(_settings, parsed, Captioner.DefaultsFor(model)));
        var captions = captioner.Caption([.. files.Select(ProductPicture.FromFile)], session.Stop);
        if (!captioner.HasLearned)
        {
            session.Terminal.Remark(
                "This run was trained without --pretrain-epochs, auxiliary_caption_weight or --pretrained, so nothing taught it captions."
            );
        }
        else if (model.Configuration.Training is { Pretrained: null } recipe && recipe.TokenSplit + recipe.TokenDropout > 0)
        {
            session.Terminal.Remark(
                "This run learned from texts whose words were split and left out at random (token_split, token_dropout), and writes "
                    + "such texts; train with both at 0 for captions."
            );
        }

        if (parsed.GetValue(_json))
        {
            Terminal.Say(JsonSerializer.Serialize(files.Zip(captions, (file, caption) => new { file, caption }), AnswerJson.Options));
            return ExitCode.Success;
        }

        foreach (var (file, caption) in files.Zip(captions))
        {
            Terminal.Say(files.Length == 1 ? caption : $"{file}: {caption}");
        }

        return ExitCode.Success;
    }
}
