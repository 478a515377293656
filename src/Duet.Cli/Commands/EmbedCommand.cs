// duet embed
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Inference;

namespace Duet.Cli.Commands;

/// <summary>Writes the embeddings of a table.</summary>
internal sealed class EmbedCommand : Verb
{
    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly SourceOptionSet _source = new(splits: false);
    private readonly UseOptionSet _use = new();

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description =
            "The file to write, or - for standard output, which gets the lines of a .jsonl. X.npy: the joint embeddings, float32 [N, "
            + "D], and with them X.image.npy, X.text.npy and X.ids.csv. X.jsonl: a line per row with id, joint, image and text.",
    };

    /// <summary>Creates the command.</summary>
    public EmbedCommand()
        : base(
            "embed",
            "Writes the joint, picture and text embeddings of a table, for search and clustering.",
            "Rows that cannot be used are left out and listed in FILE.quarantine.csv. Tables may be of any size.",
            "duet embed runs/first --data products.csv --output embeddings.npy",
            "duet embed runs/first --data products.csv --output embeddings.jsonl"
        )
    {
        Arguments.Add(_run);
        _source.AddTo(this);
        Options.Add(_output);
        Options.Add(OutputOption.Overwrite);
        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        if (parsed.GetValue(_output) is null)
        {
            throw new UsageException("--output is missing: name the .npy or .jsonl file to write, or - for standard output.");
        }

        var table = _source.Read(parsed, session);
        var file = OutputOption.Read(parsed, _output, table.Path, ".npy", ".jsonl")!;
        if (file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            OutputOption.RequireNew(
                parsed,
                _output,
                ((string[])[".ids.csv", ".image.npy", ".text.npy"]).Select(ending => Path.ChangeExtension(file, ending))
            );
        }

        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        var summary = RowProgress.Run(
            session.Terminal,
            "embedding",
            progress => new Embedder(model).Embed(table, file, progress, session.Stop)
        );
        OutputOption.Tell(
            session,
            file,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Rows} rows in {Duration.Of(summary.Elapsed)} ({summary.RowsPerSecond:0}/s): {string.Join(", ", summary.Files)}"
            )
        );
        RowProgress.TellQuarantine(
            session.Terminal,
            summary.Quarantine,
            summary.Quarantine.Count > 0 && summary.Files.Count > 1 ? summary.Files[^1] : null
        );
        RowProgress.TellLongTexts(session.Terminal, summary.LongTexts);
        RowProgress.TellUnseenFeatures(session.Terminal, summary.UnseenFeatures);
        RowProgress.TellLosses(session.Terminal, summary.Quarantine, summary.Limit);
        return ExitCode.Success;
    }
}
