// duet robustness
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Studies.Robustness;

namespace Duet.Cli.Commands;

/// <summary>Measures a trained model on damaged pictures and texts.</summary>
internal sealed class RobustnessCommand : Verb
{
    private static readonly CorruptionKind[] All = Enum.GetValues<CorruptionKind>();

    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet _source = new(splits: true);
    private readonly UseOptionSet _use = new();

    private readonly Option<string?> _split = new("--split")
    {
        HelpName = "NAME",
        Description = "train, val or test, or any other name in the split column; the whole table unless given.",
    };

    private readonly Option<int?> _sample = new("--sample")
    {
        HelpName = "N",
        Description = "At most this many products, drawn at random (all).",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        HelpName = "N",
        Description = "The seed of the sample and of all noise.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string[]> _corruptions = new("--corruption")
    {
        HelpName = "NAME",
        Description = $"Only this corruption; may be given again (all: {string.Join(", ", All.Select(Corruption.NameOf))}).",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write the figures to standard output as JSON." };

    /// <summary>Creates the command.</summary>
    public RobustnessCommand()
        : base(
            "robustness",
            "Measures a trained model on products whose picture or text is damaged.",
            "Noise, blur, JPEG, occlusion, wrong and missing pictures; typing errors, lost, moved, cut, wrong and missing texts; each "
                + "at three strengths, with the accuracy per task and the mean weight of the picture. The figures go to "
                + "robustness.json in the run "
                + "folder; the same command again continues where it stopped.",
            "duet robustness runs/first --data products.csv --split test --sample 500",
            "duet robustness runs/first --data products.csv --split test --corruption typos --corruption blur --json"
        )
    {
        Arguments.Add(_run);
        _source.AddTo(this);
        foreach (var option in (Option[])[_split, _sample, _seed, _corruptions, MarkdownOption.Markdown, _json])
        {
            Options.Add(option);
        }

        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var table = _source.Read(parsed, session);
        var options = new RobustnessOptions
        {
            Split = parsed.GetValue(_split),
            Sample = parsed.GetValue(_sample),
            Seed = parsed.GetValue(_seed),
            Kinds = parsed.GetValue(_corruptions) is { Length: > 0 } names ? [.. names.Select(Kind)] : null,
        };
        options.Validate();
        var markdown = MarkdownOption.Read(parsed, _json);
        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        var report = StepProgress.Run<RobustnessProgress, RobustnessReport>(
            session.Terminal,
            state => FormattableString.Invariant($"measuring {state.Done + 1} of {state.Total}: {state.Name}"),
            progress => new RobustnessSweep(model).Run(table, options, progress, session.Stop)
        );
        if (parsed.GetValue(_json) || markdown)
        {
            Terminal.Say(markdown ? report.ToMarkdown() : report.ToJson());
        }
        else
        {
            session.Terminal.Out.Write(FigureTable.Of(report.ToRows()));
            Terminal.Say(string.Join('\n', report.Curves.Select(curve => $"{curve.Corruption} ({curve.Modality}): {curve.Unit}")));
        }

        session.Terminal.Line(
            $"{report.Clean.N} products; the figures are in {Path.Combine(model.Folder.Path, RobustnessReport.FileName)}."
        );
        return ExitCode.Success;
    }

    private static CorruptionKind Kind(string name)
    {
        var known = Array.FindIndex(All, kind => string.Equals(Corruption.NameOf(kind), name, StringComparison.Ordinal));
        return known >= 0
            ? All[known]
            : throw new UsageException(
                $"--corruption names '{name}', which does not exist; there are {string.Join(", ", All.Select(Corruption.NameOf))}."
            );
    }
}
