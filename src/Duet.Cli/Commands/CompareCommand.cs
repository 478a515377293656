// duet compare
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Evaluation.Comparison;
using Duet.Models;

namespace Duet.Cli.Commands;

/// <summary>Trains many systems under one protocol and writes one table.</summary>
internal sealed class CompareCommand : Verb
{
    private readonly TableOptionSet table = new();
    private readonly RecipeOptionSet recipe = new(manyRuns: true);

    private readonly Option<string[]> models = new("--models")
    {
        HelpName = "LIST",
        Description = $"What is compared: systems ({string.Join(", ", ModelRegistry.All.Select(system => system.Name))}) with commas between them, each as it is or with settings of its own, MODEL:name=value:name=value (preset=NAME too).",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> seeds = new("--seeds")
    {
        HelpName = "LIST",
        Description = "Every system is trained once per seed; the table has means and standard deviations over them.",
        DefaultValueFactory = _ => "1,2,3",
    };

    private readonly Option<double?> minutes = new("--minutes")
    {
        HelpName = "M",
        Description = "Training time per run instead of --epochs: a short warm-up measures the system's rate here, and the time becomes a number of epochs, the same for all its seeds.",
    };

    private readonly Option<string> split = new("--split")
    {
        HelpName = "NAME",
        Description = "The split that the figures are from.",
        DefaultValueFactory = _ => "test",
    };

    private readonly Option<string?> output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description = "Where the table and all run folders go. The same command again goes on where it stopped; models and seeds may be added.",
    };

    private readonly Option<bool> json = new("--json") { Description = "Write the table to standard output as JSON." };

    /// <summary>Creates the command.</summary>
    public CompareCommand()
        : base(
            "compare",
            "Trains several systems under one protocol and writes one table.",
            "Same table, splits, recipe and seeds for all. comparison.md, .csv and .json in the output folder have mean and standard deviation per task and of their mean, parameters, training rate and run folders. A run that fails stands in the table and does not stop the others; the exit code is 1 then.",
            "duet compare --models cma-clip,clip --data products.csv --text title --image image --task category --task color --split-column split --epochs 20 --output runs/compared",
            "duet compare --models cma-clip,cma-clip:modalities=image,cma-clip:modalities=text,cma-clip:sequence_wise_attention=false,cma-clip:modality_wise_attention=false --data products.csv --text title --image image --task category --minutes 10 --seeds 1,2 --output runs/ablation")
    {
        Options.Add(models);
        table.AddTo(this);
        recipe.AddTo(this);
        foreach (var option in (Option[])[minutes, seeds, split, output, json])
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var folder = parsed.GetValue(output) ?? throw new UsageException("--output is missing: name the folder of the comparison, for instance --output runs/compared.");
        var comparison = SystemComparison.Open(Read(parsed), folder);
        var result = comparison.Run(new ComparisonProgress(session.Terminal), session.Stop);
        Terminal.Say(parsed.GetValue(json) ? result.Table.ToJson() : result.Table.ToMarkdown());
        if (!result.Finished)
        {
            session.Terminal.Line("Stopped; what was done is kept. The same command goes on.");
            return ExitCode.Interrupted;
        }

        session.Terminal.Line($"The table is in {Path.Combine(folder, "comparison.md")}, .csv and .json.");
        return result.Failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private ComparisonOptions Read(ParseResult parsed)
    {
        if (parsed.GetValue(models) is not { Length: > 0 } lists)
        {
            throw new UsageException("--models is missing: name the systems to compare, for instance --models cma-clip,clip.");
        }

        if (parsed.GetValue(minutes) is not null && recipe.Names(parsed, "epochs"))
        {
            throw new UsageException("--epochs and --minutes are both given; a run has one budget.");
        }

        var data = table.Read(parsed, new());
        TableOptionSet.RequireComplete(data);
        return new ComparisonOptions
        {
            Systems = ComparedSystems.Read(lists, (model, preset) => recipe.Read(parsed, TableOptionSet.Combine(recipe.Begin(parsed, model, preset), data))),
            Data = data,
            Seeds = Seeds(parsed.GetValue(seeds)!),
            Minutes = parsed.GetValue(minutes),
            Split = parsed.GetValue(split)!,
        };
    }

    private static ulong[] Seeds(string list)
        => [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(seed => (ulong)SettingValue.Parse("seeds", seed, typeof(ulong))!)];
}
