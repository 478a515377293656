// The settings of CMA-CLIP, one for every point the paper or the sources about it leave open.
using Duet.Models.Encoders;
using Duet.Torch;

namespace Duet.Models;

/// <summary>CMA-CLIP's settings. Defaults are those of a CLIP B/32 backbone; what the paper does not say is a setting here.</summary>
public sealed record CmaClipOptions : ModelOptions
{
    /// <summary>The picture tower; CLIP's vision transformer unless <c>image.tower</c> names another.</summary>
    public PictureTowerOptions Image
    {
        get;
        init => field = (PictureTowerOptions)TowerChoice.Pictures.Named(value, value.Tower);
    } = new VisionTransformerOptions();

    /// <summary>The text tower; CLIP's unless <c>text.tower</c> names another.</summary>
    public TextTowerOptions Text
    {
        get;
        init => field = (TextTowerOptions)TowerChoice.Texts.Named(value, value.Tower);
    } = new TextTransformerOptions();

    /// <summary>Width D of the joint sequence and of CLIP's joint space.</summary>
    public int JointWidth { get; init; } = 512;

    /// <summary>The activation in the blocks of the towers and of the sequence-wise transformer: QuickGELU in OpenAI's
    /// checkpoints.</summary>
    public Activation Activation { get; init; } = Activation.QuickGelu;

    /// <summary>Epsilon of the towers' layer norms.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>How the outputs of CLIP's towers meet in one sequence; those of other towers always by a new linear layer.</summary>
    public TokenProjection TokenProjection { get; init; } = TokenProjection.Clip;

    /// <summary>Whether the sequence-wise transformer is there; without it the aggregates are read from the towers themselves.</summary>
    public bool SequenceWiseAttention { get; init; } = true;

    /// <summary>Blocks of the sequence-wise transformer.</summary>
    public int FusionLayers { get; init; } = 4;

    /// <summary>Its attention heads.</summary>
    public int FusionHeads { get; init; } = 8;

    /// <summary>How its weights start.</summary>
    public FusionInitialization FusionInitialization { get; init; } = FusionInitialization.Random;

    /// <summary>Whether a learned vector shows the transformer which positions are picture and which are text.</summary>
    public bool ModalityEmbeddings { get; init; } = true;

    /// <summary>What the aggregate embedding of a modality is, with and without sequence-wise attention (docs/decisions/010).</summary>
    public Aggregation Aggregation { get; init; } = Aggregation.SpecialTokens;

    /// <summary>Whether each task weighs picture and text by modality-wise attention; without it their plain mean is taken.</summary>
    public bool ModalityWiseAttention { get; init; } = true;

    /// <summary>Whether one vector scores both modalities instead of one each.</summary>
    public bool SharedModalityVector { get; init; }

    /// <summary>Whether the scores of modality-wise attention are divided by the root of the width, which keeps it from settling on one
    /// modality in the first steps.</summary>
    public bool ScaledModalityScores { get; init; }

    /// <summary>Whether each task's MLP begins with a norm: the weighted sum of two embeddings is smaller than the one that is left where
    /// an input is missing.</summary>
    public bool HeadNorm { get; init; }

    /// <summary>Width of the hidden layer of each task's MLP.</summary>
    public int HeadWidth { get; init; } = 512;

    /// <summary>Dropout inside each task's MLP.</summary>
    public double HeadDropout { get; init; } = 0.1;

    /// <summary>Dropout after attention and MLP in every block of the towers and of the sequence-wise transformer.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Image.Check(ImageSize);
        Text.Check(ContextLength);
        OptionException.Require("joint_width", JointWidth, 8, 16384, "both towers are projected to it");
        OptionException.Require("norm_epsilon", NormEpsilon, 1e-12, 1e-2, "it only keeps a norm from dividing by zero");
        OptionException.Require(
            "fusion_layers",
            FusionLayers,
            1,
            128,
            "switch sequence_wise_attention off instead of asking for no layers"
        );
        OptionException.Require(
            FusionHeads >= 1 && JointWidth % FusionHeads == 0,
            $"joint_width {JointWidth} is not a multiple of fusion_heads {FusionHeads}."
        );
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        if (FusionInitialization == FusionInitialization.TextTower)
        {
            CheckCopy();
        }
    }

    /// <inheritdoc/>
    internal override bool NeedsStartToken() => Text.ReadsStartToken;

    private void CheckCopy()
    {
        OptionException.Require(
            Text is TextTransformerOptions,
            $"fusion_initialization text_tower copies blocks of CLIP's text tower, and text.tower is {TowerChoice.Texts.NameOf(Text)}. Set "
                + $"fusion_initialization to random or identity."
        );
        var text = (TextTransformerOptions)Text;
        OptionException.Require(
            text.Width == JointWidth && text.Heads == FusionHeads && FusionLayers <= text.Layers,
            $"fusion_initialization text_tower copies blocks of the text tower: text.width {text.Width} must be joint_width {JointWidth}, "
                + $"text.heads {text.Heads} must be fusion_heads {FusionHeads}, and fusion_layers {FusionLayers} at most text.layers "
                + $"{text.Layers}."
        );
    }
}

/// <summary>How picture and text tokens of different widths become one sequence.</summary>
public enum TokenProjection
{
    /// <summary>CLIP's own projections into the joint space, applied at every position: no new parameters.</summary>
    Clip,

    /// <summary>Two new linear layers.</summary>
    Linear,
}

/// <summary>What CMA-CLIP takes as a modality's aggregate embedding; no source about the paper (arXiv 2112.03562) says which.</summary>
public enum Aggregation
{
    /// <summary>The class token of the picture and the end token of the text, where CLIP reads its towers.</summary>
    SpecialTokens,

    /// <summary>The mean of the patches and of the text's tokens.</summary>
    Mean,

    /// <summary>For each task a weighted mean of the class token and patches, and of the text's tokens, by keyless attention (Long et al.
    /// 2018; docs/decisions/010).</summary>
    TaskAttention,
}

/// <summary>Where the sequence-wise transformer's first weights come from.</summary>
public enum FusionInitialization
{
    /// <summary>Random numbers.</summary>
    Random,

    /// <summary>Copies of the first blocks of CLIP's text tower.</summary>
    TextTower,

    /// <summary>
    /// Random, but every residual branch ends in zeros, so that the transformer begins as the identity and lets the towers' own positions
    /// through (Goyal et al., arXiv 1706.02677, section 5.1, for residual networks): training begins where a model without it begins.
    /// </summary>
    Identity,
}
