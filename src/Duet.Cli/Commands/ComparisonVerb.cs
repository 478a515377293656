// What compare and ablate have in common.
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Data;
using Duet.Runs;
using Duet.Studies.Comparison;

namespace Duet.Cli.Commands;

/// <summary>A verb that trains many systems under one protocol and writes one table.</summary>
internal abstract class ComparisonVerb : Verb
{
    private readonly TableOptionSet _table = new();
    private readonly RecipeOptionSet _recipe = new(manyRuns: true);

    private readonly Option<string> _seeds = new("--seeds")
    {
        HelpName = "LIST",
        Description = "Every system is trained once per seed; the table has means and standard deviations over them.",
        DefaultValueFactory = _ => "1,2,3",
    };

    private readonly Option<double?> _minutes = new("--minutes")
    {
        HelpName = "M",
        Description =
            "Training time per run instead of --epochs: a short warm-up measures the system's rate here, and the time becomes a "
            + "number of epochs, the same for all its seeds.",
    };

    private readonly Option<string> _split = new("--split")
    {
        HelpName = "NAME",
        Description = "The split that the figures are from.",
        DefaultValueFactory = _ => "test",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description =
            "Where the table and all run folders go. The same command again continues where it stopped; models and seeds may be added.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write the table to standard output as JSON." };

    /// <summary>Creates the verb.</summary>
    protected ComparisonVerb(string name, string description, string details, params string[] examples)
        : base(name, description, details, examples) { }

    /// <summary>Adds the options of the table, the recipe and the protocol, after those of the verb itself.</summary>
    protected void AddCommonOptions()
    {
        _table.AddTo(this);
        _recipe.AddTo(this);
        foreach (var option in (Option[])[_minutes, _seeds, _split, _output, MarkdownOption.Markdown, _json])
        {
            Options.Add(option);
        }
    }

    /// <summary>What is compared, as entries <c>MODEL</c> or <c>MODEL:name=value</c>.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="UsageException">The command line does not say it.</exception>
    protected abstract IReadOnlyList<string> Systems(ParseResult parsed);

    /// <summary>The settings that a system has on this command line, before those of an entry.</summary>
    protected RunConfiguration Configure(ParseResult parsed, string model, string? preset = null) =>
        _recipe.Read(parsed, TableOptionSet.Combine(_recipe.Begin(parsed, model, preset), _table.Read(parsed, new())));

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var folder =
            parsed.GetValue(_output)
            ?? throw new UsageException("--output is missing: name the folder of the comparison, for instance --output runs/compared.");
        var markdown = MarkdownOption.Read(parsed, _json);
        var comparison = SystemComparison.Open(Read(parsed), folder);
        var result = comparison.Run(new ComparisonProgress(session.Terminal), session.Stop);
        Show(result.Table, parsed.GetValue(_json), markdown, session);
        if (!result.Finished)
        {
            session.Terminal.Line("Stopped; finished work is kept. The same command continues.");
            return ExitCode.Interrupted;
        }

        session.Terminal.Line($"The table is in {Path.Combine(folder, "comparison.md")}, .csv and .json.");
        TellLosses(folder, parsed, session);
        return result.Failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    // All runs read the same table; a system that looks at texts alone misses no picture.
    private void TellLosses(string folder, ParseResult parsed, Session session)
    {
        var runs = Directory.EnumerateFiles(folder, "losses.json", SearchOption.AllDirectories).Select(Losses.Load);
        if (runs.MaxBy(losses => losses.Rows.Lost + losses.Pictures.Lost) is { } most)
        {
            RowProgress.TellLosses(
                session.Terminal,
                most,
                new LossLimit { MaxLost = _table.Read(parsed, new()).MaxLost },
                parsed.GetValue(_json)
            );
        }
    }

    private static void Show(ComparisonTable table, bool json, bool markdown, Session session)
    {
        if (json || markdown)
        {
            Terminal.Say(markdown ? table.ToMarkdown() : table.ToJson());
            return;
        }

        // Run folders are long, and are listed in comparison.md.
        session.Terminal.Out.Write(FigureTable.Of([.. table.ToRows().Select(row => row.SkipLast(1).ToArray())]));
        Terminal.Say(table.ToNotes().TrimEnd());
    }

    private ComparisonOptions Read(ParseResult parsed)
    {
        var systems = Systems(parsed);
        _recipe.RequireOneBudget(parsed, parsed.GetValue(_minutes), systems.SelectMany(list => list.Split(',', ':')));
        var data = _table.Read(parsed, new());
        TableOptionSet.RequireComplete(data);
        return new ComparisonOptions
        {
            Systems = ComparedSystems.Read(systems, (model, preset) => Configure(parsed, model, preset)),
            Data = data,
            Seeds = Seeds(parsed.GetValue(_seeds)!),
            Minutes = parsed.GetValue(_minutes),
            Split = parsed.GetValue(_split)!,
            Command = [.. parsed.Tokens.Select(token => token.Value)],
        };
    }

    private static ulong[] Seeds(string list) =>
        [
            .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(seed => (ulong)SettingValue.Parse("seeds", seed, typeof(ulong))!),
        ];
}
