// The shape of ImageBERT's network.
using Duet.Models.Encoders;
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>The shape of ImageBERT's network.</summary>
/// <param name="Bert">The encoder.</param>
/// <param name="FeatureWidth">Numbers F per region feature.</param>
public sealed record ImageBertShape(BertOptions Bert, int FeatureWidth)
{
    /// <summary>Which description is followed.</summary>
    public ImageBertForm Form { get; init; } = ImageBertForm.Paper;

    /// <summary>Rows of the regions' segment table; the regions have segment 1.</summary>
    public int RegionSegments { get; init; } = 2;

    /// <summary>The most patches: rows of EasyTransfer's position table.</summary>
    public int MaximumRegions { get; init; } = 64;

    /// <summary>Object classes of the paper's MOC task; 0 for no such head.</summary>
    public int ObjectClasses { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        Bert.Validate();
        OptionException.Require("feature_width", FeatureWidth, 1, 65_536, "every region is described by that many values");
        OptionException.Require("region_segments", RegionSegments, 2, 65_536, "the regions have segment 1");
        OptionException.Require("maximum_regions", MaximumRegions, 1, 65_536, "every patch has a position");
        OptionException.Require("object_classes", ObjectClasses, 0, 1_000_000, "0 switches masked object classification off");
    }
}
