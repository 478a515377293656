// The settings of CoCa.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models;

/// <summary>CoCa's settings. Defaults are those of open_clip's coca_ViT-B-32.</summary>
public sealed record CoCaOptions : ModelOptions
{
    /// <summary>Creates the defaults: 76 tokens, so that the class token is the 77th position.</summary>
    public CoCaOptions() => ContextLength = 76;

    /// <summary>The picture tower.</summary>
    public VisionTransformerOptions Image { get; init; } = new();

    /// <summary>The unimodal half of the decoder; its width is the multimodal half's too.</summary>
    public TextTransformerOptions Text { get; init; } = new();

    /// <summary>Width of the hidden layer of each MLP in the unimodal half as a multiple of its tokens' width; in the multimodal half it is
    /// always 4.</summary>
    public double TextMlpRatio { get; init; } = 4;

    /// <summary>Layers of the multimodal half.</summary>
    public int DecoderLayers { get; init; } = 12;

    /// <summary>Attention heads of the multimodal half.</summary>
    public int DecoderHeads { get; init; } = 8;

    /// <summary>Width E of the joint space and of the pooled picture tokens.</summary>
    public int JointWidth { get; init; } = 512;

    /// <summary>How the picture tower is pooled.</summary>
    public CoCaPooling Pooling { get; init; } = CoCaPooling.Single;

    /// <summary>Queries of the pooler that feeds the decoder.</summary>
    public int PoolerQueries { get; init; } = 256;

    /// <summary>Attention heads of the poolers.</summary>
    public int PoolerHeads { get; init; } = 8;

    /// <summary>Whether the text's key mask has the shift of published open_clip checkpoints; needed to use those, wrong
    /// otherwise.</summary>
    public bool LegacyClassMask { get; init; }

    /// <summary>The activation in all blocks.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Epsilon of the layer norms.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Dropout after attention and MLP in every block.</summary>
    public double Dropout { get; init; }

    /// <summary>Weight of the contrastive loss in pre-training (arXiv 2205.01917, section 4.1).</summary>
    public double ContrastiveWeight { get; init; } = 1;

    /// <summary>Weight of the captioning loss in pre-training (arXiv 2205.01917, section 4.1).</summary>
    public double CaptionWeight { get; init; } = 2;

    /// <summary>Weight of a captioning loss that continues while the tasks are learned; 0 for none.</summary>
    public double AuxiliaryCaptionWeight { get; init; }

    /// <summary>What the tasks' heads read.</summary>
    public CoCaFeatures Features { get; init; } = CoCaFeatures.Both;

    /// <summary>Width of the hidden layer of each task's head; 0 for a linear one.</summary>
    public int HeadWidth { get; init; } = 512;

    /// <summary>Dropout inside each task's head.</summary>
    public double HeadDropout { get; init; } = 0.1;

    /// <summary>What the picture tower's blocks and the text's have in common.</summary>
    internal TransformerOptions Blocks =>
        new(Text.Width, Text.Heads, Text.Layers, 4 * Text.Width)
        {
            Activation = Activation,
            NormEpsilon = NormEpsilon,
            Dropout = Dropout,
        };

    /// <summary>The blocks of the unimodal half.</summary>
    internal TransformerOptions TextBlocks => Blocks with { MlpWidth = (long)((Text.Width * TextMlpRatio) + 1e-6) };

    /// <summary>The blocks of the multimodal half.</summary>
    internal TransformerOptions DecoderBlocks => Blocks with { Heads = DecoderHeads, Layers = DecoderLayers };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Image.Validate(ImageSize);
        Text.Validate();
        OptionException.Require("text_mlp_ratio", TextMlpRatio, 0.25, 16, "the hidden layer is some multiple of the width");
        OptionException.Require("decoder_layers", DecoderLayers, 1, 128, "CoCa needs a multimodal half");
        OptionException.Require(
            DecoderHeads >= 1 && Text.Width % DecoderHeads == 0,
            $"text.width {Text.Width} is not a multiple of decoder_heads {DecoderHeads}."
        );
        OptionException.Require("joint_width", JointWidth, 1, 16384, "picture and text are projected to it");
        OptionException.Require(
            "pooler_queries",
            PoolerQueries,
            2,
            4096,
            "the first is the embedding and the others are the decoder's picture"
        );
        OptionException.Require(
            PoolerHeads >= 1 && JointWidth % PoolerHeads == 0,
            $"joint_width {JointWidth} is not a multiple of pooler_heads {PoolerHeads}."
        );
        OptionException.Require("norm_epsilon", NormEpsilon, 1e-12, 1e-2, "it only keeps a norm from dividing by zero");
        OptionException.Require("dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("contrastive_weight", ContrastiveWeight, 0, 1000, "it is a weight in a sum of losses");
        OptionException.Require("caption_weight", CaptionWeight, 0, 1000, "it is a weight in a sum of losses");
        OptionException.Require("auxiliary_caption_weight", AuxiliaryCaptionWeight, 0, 1000, "it is a weight in a sum of losses");
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
    }
}

/// <summary>Which of CoCa's results the tasks' heads are given.</summary>
public enum CoCaFeatures
{
    /// <summary>The two contrastive embeddings side by side: pooled picture, text's class token.</summary>
    Pooled,

    /// <summary>The multimodal decoder's state at the end token (the paper's recipe for picture and text, appendix B).</summary>
    Decoder,

    /// <summary>Both side by side.</summary>
    Both,
}

/// <summary>Where CoCa's contrastive picture embedding and the tokens for the decoder come from.</summary>
public enum CoCaPooling
{
    /// <summary>One pooler with many queries: the first result is the embedding, the others go to the decoder (all published open_clip
    /// checkpoints).</summary>
    Single,

    /// <summary>A pooler with many queries for the decoder, and one with a single query on top of its results (the paper's choice, table
    /// 8).</summary>
    Cascade,

    /// <summary>Two poolers side by side on the tower's results (the paper's alternative).</summary>
    Parallel,

    /// <summary>No pooler: the class position is the embedding, the patches go to the decoder.</summary>
    None,
}
