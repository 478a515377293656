// duet ablate
using System.CommandLine;
using Duet.Cli.Settings;
using Duet.Models;

namespace Duet.Cli.Commands;

/// <summary>Trains a system whole and without each of its parts, and writes one table.</summary>
internal sealed class AblateCommand : ComparisonVerb
{
    private readonly Option<string> _model = new("--model")
    {
        HelpName = "NAME",
        Description = $"The system whose parts are taken away: {string.Join(", ", ModelRegistry.All.Select(system => system.Name))}.",
        DefaultValueFactory = _ => CmaClip.Descriptor.Name,
    };

    private readonly Option<string[]> _without = new("--without")
    {
        HelpName = "NAME=VALUE",
        Description =
            "A further variant, as the setting that takes the part away, for instance --without fusion_layers=1 or --without "
            + "pretrain_epochs=0.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Creates the command.</summary>
    public AblateCommand()
        : base(
            "ablate",
            "Trains a system whole and without each of its parts, and writes one table.",
            "The parts are those the system has: sequence-wise attention, modality-wise attention, the text (picture only) and the "
                + "picture (text only). Everything else is as in `duet compare`: one protocol, several seeds, resumable, and every "
                + "variant's "
                + "difference to the whole system has a confidence interval.",
            "duet ablate --data products.csv --text title --image image --task category --task color --split-column split --epochs 20 "
                + "--output runs/ablation",
            "duet ablate --model cma-clip --without fusion_layers=1 --without text_dropout=0 --data products.csv --text title --image "
                + "image --task category --seeds 1,2 --output runs/ablation"
        )
    {
        Options.Add(_model);
        Options.Add(_without);
        AddCommonOptions();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Systems(ParseResult parsed)
    {
        var name = parsed.GetValue(_model)!;
        return AblatedParts.Entries(name, Configure(parsed, name).Options, parsed.GetValue(_without)!);
    }
}
