// duet import
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Reports;
using Duet.Runs;

namespace Duet.Cli.Commands;

/// <summary>Makes a run folder of published weights.</summary>
internal sealed class ImportCommand : Verb
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description =
            "A Hugging Face or open_clip folder, a .safetensors file with OpenAI's or torchvision's names, an .onnx file of a BERT or "
            + "a residual network, a run folder, a hub name such as openai/clip-vit-base-patch32, or starter/resnet18 or starter/minilm.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "RUN",
        Description = "The run folder to write. It must not hold anything yet.",
    };

    private readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        HelpName = "PATH",
        Description = "A tokenizer's file or folder, if the source has none with its weights.",
    };

    private readonly Option<string?> _preprocessing = new("--preprocessing")
    {
        HelpName = "exact|fast",
        Description =
            "How the run prepares pictures: exact follows the published recipe to the bit, fast starts from a shrunk decoding (exact).",
    };

    /// <summary>Creates the command.</summary>
    public ImportCommand()
        : base(
            "import",
            "Turns published weights into a run folder that can be used without training.",
            "CLIP, CoCa, BERT, RoBERTa, ViT and ResNet are read, from safetensors, BERT and ResNet from ONNX files too. The run has "
                + "no tasks: it embeds tables. To classify, train from the same source with `duet train --pretrained`.",
            "duet import openai/clip-vit-base-patch32 --output runs/clip",
            "duet import downloads/ViT-B-32 --output runs/clip --tokenizer bpe_simple_vocab_16e6.txt.gz"
        )
    {
        Arguments.Add(_source);
        Options.Add(_output);
        Options.Add(_tokenizer);
        Options.Add(_preprocessing);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var folder =
            parsed.GetValue(_output)
            ?? throw new UsageException("--output is missing: name the run folder to write, for instance --output runs/clip.");
        PreprocessingMode? mode = parsed.GetValue(_preprocessing) is { } text
            ? (PreprocessingMode)SettingValue.Parse("preprocessing", text, typeof(PreprocessingMode))!
            : null;
        using var opened = PretrainedSource.Open(parsed.GetValue(_source)!, cancellation: session.Stop);
        var (report, model) = PretrainedImport.Run(opened, folder, parsed.GetValue(_tokenizer), mode);
        session.Terminal.Remark(report.Summary);
        foreach (var group in report.Ignored.GroupBy(ignored => ignored.Value, ignored => ignored.Key, StringComparer.Ordinal))
        {
            session.Terminal.Remark($"Left out ({group.Key}): {string.Join(", ", group)}.");
        }

        Terminal.Advise($"The run is in {folder} (model {model}); try: {ShellCommand.Of("duet", "inspect", folder)}");
        Terminal.Advise($"Train from it: {ShellCommand.Of("duet", "train", "--pretrained", folder)} --model ... --data ...");
        return ExitCode.Success;
    }
}
