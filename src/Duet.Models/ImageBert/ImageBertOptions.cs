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

/// <summary>Which description of ImageBERT is followed.</summary>
public enum ImageBertForm
{
    /// <summary>
    /// The paper's (Qi et al., arXiv 2001.07966): regions with projected boxes, one position vector for all regions, and the tasks MLM,
    /// MOC, MRFR, ITM.
    /// </summary>
    Paper,

    /// <summary>
    /// EasyTransfer's, used for the Fashion-Gen figures (mczhuge/Kaleido-BERT, modeling_imagebert.py): grid patches with a position vector
    /// each, projections without bias, and the tasks MLM, ITM and masked patches by Kullback-Leibler divergence.
    /// </summary>
    EasyTransfer,
}
