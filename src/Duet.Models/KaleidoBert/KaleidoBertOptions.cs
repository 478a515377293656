// The settings of Kaleido-BERT.
using Duet.Models.Encoders;
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>Kaleido-BERT's settings. Defaults: BERT-base over patches of 64 pixels read by a ResNet-50, which is trained along.</summary>
public sealed record KaleidoBertOptions : OneStreamOptions
{
    /// <summary>A patch's side in pixels, the same on all five levels. The paper computes features ahead of time at a network's full
    /// size.</summary>
    public int PatchSize { get; init; } = 64;

    /// <summary>Which description of the pre-training is followed.</summary>
    public KaleidoForm Form { get; init; } = KaleidoForm.Paper;

    /// <summary>Greyed patches per picture.</summary>
    public int GreyPatches { get; init; } = 2;

    /// <summary>Blanked patches per picture.</summary>
    public int BlankPatches { get; init; } = 3;

    /// <summary>
    /// A run folder whose trained attention guides the masking of pre-training (the paper's alignment generator): CoCa's captioner,
    /// CMA-CLIP, VisualBERT or ImageBERT, with this run's tokenizer and picture size. Null masks at random.
    /// </summary>
    public string? AlignmentRun { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionException.Require("patch_size", PatchSize, 8, 512, "smaller patches show nothing and there are 55 of them");
        OptionException.Require("grey_patches", GreyPatches, 1, 16, "the fourth level has 16 patches");
        OptionException.Require("blank_patches", BlankPatches, 1, 25, "the fifth level has 25 patches");
    }
}

/// <summary>Which description of Kaleido-BERT's pre-training is followed where paper and code differ.</summary>
public enum KaleidoForm
{
    /// <summary>The paper's (arXiv 2103.16110): masking guided by alignment where there is one, and each greyed patch's own features as its
    /// target.</summary>
    Paper,

    /// <summary>
    /// The published code's (mczhuge/Kaleido-BERT): random masking of at most ten words, and one softmax over all greyed patches of a
    /// picture together.
    /// </summary>
    Code,
}

/// <summary>Kaleido-BERT's five groups of patches, each with a pretext task of its own (Zhuge et al., arXiv 2103.16110, section
/// 3.3).</summary>
public enum KaleidoLevel
{
    /// <summary>1 x 1: which of four turns.</summary>
    Rotation = 0,

    /// <summary>2 x 2: which of the 24 orders.</summary>
    Jigsaw = 1,

    /// <summary>3 x 3: which patch is another product's.</summary>
    Camouflage = 2,

    /// <summary>4 x 4: what greyed patches look like in colour.</summary>
    Grey = 3,

    /// <summary>5 x 5: what blanked patches look like.</summary>
    Blank = 4,
}
