// duet compare
using System.CommandLine;
using Duet.Models;

namespace Duet.Cli.Commands;

/// <summary>Trains many systems under one protocol and writes one table.</summary>
internal sealed class CompareCommand : ComparisonVerb
{
    private readonly Option<string[]> _models = new("--models")
    {
        HelpName = "LIST",
        Description =
            $"What is compared: systems ({string.Join(", ", ModelRegistry.All.Select(system => system.Name))}) with commas between "
            + $"them, each as it is or with settings of its own, MODEL:name=value:name=value (preset=NAME too).",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Creates the command.</summary>
    public CompareCommand()
        : base(
            "compare",
            "Trains several systems under one protocol and writes one table.",
            "Same table, splits, recipe and seeds for all. comparison.md, .csv and .json in the output folder have mean and standard "
                + "deviation per task and of their mean, the difference to the first system with its confidence interval, parameters, "
                + "training rate "
                + "and run folders. A run that fails is listed with its reason and does not stop the others; the exit code is then 1.",
            "duet compare --models cma-clip,clip --data products.csv --text title --image image --task category --task color "
                + "--split-column split --epochs 20 --output runs/compared",
            "duet compare --models cma-clip,cma-clip:fusion_layers=4,clip:preset=tiny --data products.csv --text title --image image "
                + "--task category --minutes 10 --seeds 1,2 --output runs/variants"
        )
    {
        Options.Add(_models);
        AddCommonOptions();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Systems(ParseResult parsed) =>
        parsed.GetValue(_models) is { Length: > 0 } lists
            ? lists
            : throw new UsageException("--models is missing: name the systems to compare, for instance --models cma-clip,clip.");
}
