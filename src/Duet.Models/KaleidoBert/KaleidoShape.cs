// The shape of Kaleido-BERT's network.
using Duet.Models.Encoders;
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>The shape of Kaleido-BERT's network.</summary>
/// <param name="Bert">The encoder.</param>
/// <param name="FeatureWidth">Numbers F per patch feature.</param>
public sealed record KaleidoShape(BertOptions Bert, int FeatureWidth)
{
    /// <summary>Patches per level, in the order of <see cref="KaleidoLevel"/>: 55 in all as published.</summary>
    public IReadOnlyList<int> Patches { get; init; } = [1, 4, 9, 16, 25];

    /// <summary>Rows of each level's segment table; level k (from 1) has segment k.</summary>
    public int PatchSegments { get; init; } = 6;

    /// <summary>Turns of the rotation task.</summary>
    public int RotationClasses { get; init; } = 4;

    /// <summary>Orders of the jigsaw task.</summary>
    public int JigsawClasses { get; init; } = 24;

    /// <summary>Places of the camouflage task.</summary>
    public int CamouflageClasses { get; init; } = 9;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        Bert.Validate();
        OptionException.Require("feature_width", FeatureWidth, 1, 65_536, "every patch is described by that many values");
        OptionException.Require(
            Patches.Count == Enum.GetValues<KaleidoLevel>().Length && Patches.All(count => count is >= 1 and <= 4096),
            "Kaleido-BERT has five levels of 1 to 4096 patches."
        );
        OptionException.Require("patch_segments", PatchSegments, Patches.Count + 1, 65_536, "level k has segment k");
        OptionException.Require("rotation_classes", RotationClasses, 2, 65_536, "there must be something to choose");
        OptionException.Require("jigsaw_classes", JigsawClasses, 2, 65_536, "there must be something to choose");
        OptionException.Require("camouflage_classes", CamouflageClasses, 2, 65_536, "there must be something to choose");
    }
}
