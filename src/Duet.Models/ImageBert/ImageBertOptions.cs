// The settings of ImageBERT.
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>ImageBERT's settings. Defaults: the paper's form with BERT-base over the grid of a ResNet-50, which is trained along.</summary>
public sealed record ImageBertOptions : OneStreamOptions
{
    /// <summary>Which description is followed: embeddings and pre-training tasks.</summary>
    public ImageBertForm Form { get; init; } = ImageBertForm.Paper;

    /// <summary>Classes of masked object classification; 0 switches it off.</summary>
    public int ObjectClasses { get; init; } = 1600;

    /// <summary>Masked patches per picture in EasyTransfer's form.</summary>
    public int MaskedPatches { get; init; } = 4;

    /// <summary>Cells of the picture's grid.</summary>
    internal int Regions => Image.MapSide(ImageSize) * Image.MapSide(ImageSize);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionException.Require("object_classes", ObjectClasses, 0, 1_000_000, "0 switches masked object classification off");
        OptionException.Require("masked_patches", MaskedPatches, 1, Regions, "a picture has no more cells");
    }
}
