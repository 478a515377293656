// duet inspect
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;

namespace Duet.Cli.Commands;

/// <summary>Tells what a run folder holds.</summary>
internal sealed class InspectCommand : Verb
{
    private readonly Argument<string> _run = UseOptionSet.RunArgument();

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write everything as JSON: all settings, all classes, every epoch.",
    };

    private readonly Option<bool> _settings = new("--settings") { Description = "Show every setting of the run." };

    /// <summary>Creates the command.</summary>
    public InspectCommand()
        : base(
            "inspect",
            "Tells what a model is, how it was trained and how good it was on its validation split.",
            "Works for unfinished runs as well and loads no weights.",
            "duet inspect runs/first",
            "duet inspect runs/first --json"
        )
    {
        Arguments.Add(_run);
        Options.Add(_settings);
        Options.Add(_json);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var summary = RunInspector.Inspect(parsed.GetValue(_run)!);
        if (parsed.GetValue(_json))
        {
            Terminal.Say(SummaryJson.Of(summary).ToJsonString(AnswerJson.Options));
            return ExitCode.Success;
        }

        var console = session.Terminal.Out;
        console.Write(SummaryView.Facts(summary));
        if (summary.Schema.Tasks.Count > 0)
        {
            console.Write(SummaryView.Tasks(summary));
        }
        else
        {
            Terminal.Advise(
                "\nIt has no tasks: it embeds, and with two towers classifies by words (duet zero-shot). To classify, train from it "
                    + "with duet train --pretrained."
            );
        }

        if (parsed.GetValue(_settings))
        {
            foreach (var setting in Recipe.All(summary.Configuration))
            {
                Terminal.Say($"{setting.Name} = {setting.Value}");
            }
        }

        return ExitCode.Success;
    }
}
