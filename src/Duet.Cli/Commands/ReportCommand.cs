// duet report
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Data;
using Duet.Inference;
using Duet.Metrics.Slices;
using Duet.Pages;
using Duet.Reports;
using Duet.Runs;
using Duet.Torch.Safetensors;

namespace Duet.Cli.Commands;

/// <summary>Writes what is known of a run as one HTML page.</summary>
internal sealed class ReportCommand : Verb
{
    /// <summary>The page's name in a run folder.</summary>
    public const string FileName = "report.html";

    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet _source = new(splits: true);
    private readonly UseOptionSet _use = new();

    private readonly Option<string?> _split = new("--split")
    {
        HelpName = "NAME",
        Description =
            "The split to measure on: test by default (val if nothing was kept for testing); a table other than the training table is "
            + "measured as a whole.",
    };

    private readonly Option<string?> _against = new("--against")
    {
        HelpName = "RUN2",
        Description = "A second run to compare with on the same rows, with significance.",
    };

    private readonly Option<string?> _ablation = new("--ablation")
    {
        HelpName = "FOLDER",
        Description =
            "The output folder of `duet ablate` or `duet compare`, or the comparison.json in it, to show with the run; a run that is "
            + "part of one finds it by itself.",
    };

    private readonly Option<string[]> _slice = new("--slice")
    {
        HelpName = "COLUMN",
        Description = "Show accuracy for every value of a column (language, brand, ...) as well. May be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _examples = new("--examples")
    {
        HelpName = "N",
        Description = "Products shown of each kind (wrong, uncertain, right), 0 to 100.",
        DefaultValueFactory = _ => new ReportOptions().Examples,
    };

    private readonly Option<bool> _noExplanations = new("--no-explanations")
    {
        Description =
            "Leave out the explanations of answers: occlusion, which costs about a hundred forward passes per product shown, and "
            + "attention.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "The .html page to write, or - for standard output; by default report.html in the run folder, which is replaced.",
    };

    /// <summary>Creates the command.</summary>
    public ReportCommand()
        : base(
            "report",
            "Writes a run's report: one HTML page with figures, curves, mistakes and examples.",
            "The page needs nothing else: open it from disk, send it, print it. Without --data the run's own table is measured, if it "
                + "is still in its place. `duet train` writes a report at its end.",
            "duet report runs/first",
            "duet report runs/first --data products.csv --split test --against runs/second --output report.html",
            "duet report runs/first --slice brand --ablation runs/ablation"
        )
    {
        Arguments.Add(_run);
        _source.AddTo(this);
        foreach (var option in (Option[])[_split, _slice, _against, _ablation, _examples, _noExplanations, _output, OutputOption.Overwrite])
        {
            Options.Add(option);
        }

        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var folder = parsed.GetValue(_run)!;
        var options = new ReportOptions
        {
            Data = parsed.GetValue(_source.Data) is null ? null : _source.Read(parsed, session),
            MaxLost = _source.ReadMaxLost(parsed),
            Split = parsed.GetValue(_split),
            Against = parsed.GetValue(_against),
            Comparison = parsed.GetValue(_ablation),
            SliceColumns = [ColumnSlices.Inputs, .. parsed.GetValue(_slice) ?? []],
            Examples = parsed.GetValue(_examples),
            Explain = !parsed.GetValue(_noExplanations),
            Use = _use.Read(parsed),
        };
        var file = Write(folder, options, OutputOption.Read(parsed, _output, options.Data?.Path, ".html", ".htm"), session);
        OutputOption.Tell(
            session,
            file,
            DirectOutput.Is(file) ? "The report is written." : $"The report is in {file} ({new FileInfo(file).Length / 1024} kB)."
        );
        return ExitCode.Success;
    }

    /// <summary>Gathers and writes a report.</summary>
    /// <returns>The file.</returns>
    public static string Write(string folder, ReportOptions options, string? output, Session session)
    {
        var file = output ?? Path.Combine(folder, FileName);
        var data = RowProgress.Run(
            session.Terminal,
            "measuring",
            progress =>
                ReportGatherer.Gather(
                    folder,
                    options with
                    {
                        TrainingCommand = TrainingCommandLine.Of(folder),
                        Program = CommandName.Own,
                    },
                    progress,
                    session.Stop
                )
        );
        foreach (var note in data.Notes)
        {
            session.Terminal.Remark(note);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        ReportPage.Save(data, file);
        return file;
    }

    /// <summary>Writes the report of a run that was just trained, with attention but without occlusion, which takes time. The training is
    /// done and saved; a report that cannot be made is only mentioned.</summary>
    public static string? WriteAfterTraining(string folder, ModelUseOptions use, bool explain, Session session)
    {
        try
        {
            return Write(
                folder,
                new ReportOptions
                {
                    Use = use,
                    Explain = explain,
                    Occlusion = false,
                },
                output: null,
                session
            );
        }
        catch (Exception e) when (e is TableException or RunException or IOException or UnauthorizedAccessException)
        {
            session.Terminal.Remark($"The report could not be written: {e.Message} Try: {ShellCommand.Of("duet", "report", folder)}");
            return null;
        }
    }
}
