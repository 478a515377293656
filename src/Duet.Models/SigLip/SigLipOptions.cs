// The settings of SigLIP.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using Duet.Vision;

namespace Duet.Models;

/// <summary>SigLIP's settings. Defaults are those of ViT-B/16 at 224 pixels as Hugging Face publishes it.</summary>
public sealed record SigLipOptions : ModelOptions
{
    /// <summary>Creates the defaults: pictures squashed to a square, pixels scaled to [-1, 1], texts of 64 tokens.</summary>
    public SigLipOptions()
    {
        ContextLength = 64;
        PixelMean = [0.5, 0.5, 0.5];
        PixelDeviation = [0.5, 0.5, 0.5];
        Preprocessing = new() { Resize = ResizeMode.Squash };
    }

    /// <summary>The picture tower; its width is that of the joint space.</summary>
    public VisionTransformerOptions Image { get; init; } =
        new()
        {
            PatchSize = 16,
            PatchBias = true,
            NormBefore = false,
        };

    /// <summary>The text tower.</summary>
    public TextTransformerOptions Text { get; init; } = new() { Width = 768, Heads = 12 };

    /// <summary>Width of the hidden layer of the text blocks' MLPs as a multiple of their width.</summary>
    public double TextMlpRatio { get; init; } = 4;

    /// <summary>The activation in the picture tower and its pooling: the tanh form of GELU in Hugging Face's models, the exact one in most
    /// of open_clip's.</summary>
    public Activation ImageActivation { get; init; } = Activation.GeluTanh;

    /// <summary>The activation in the text tower.</summary>
    public Activation TextActivation { get; init; } = Activation.GeluTanh;

    /// <summary>Epsilon of the picture tower's layer norms.</summary>
    public double ImageNormEpsilon { get; init; } = 1e-6;

    /// <summary>Epsilon of the text tower's layer norms.</summary>
    public double TextNormEpsilon { get; init; } = 1e-6;

    /// <summary>Whether the picture tower was trained on pictures of any shape (SigLIP 2's NaFlex): it resizes its positions bilinearly
    /// instead of bicubically.</summary>
    public bool VariableResolution { get; init; }

    /// <summary>Dropout after attention and MLP in every block of the towers.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the towers stay as they are and only linear classifiers on their features learn. Needs pre-trained towers to be of
    /// use.</summary>
    public bool LinearProbe { get; init; }

    /// <summary>Width of the hidden layer of each task's head; the linear probe has none.</summary>
    public int HeadWidth { get; init; } = 768;

    /// <summary>Dropout inside each task's head.</summary>
    public double HeadDropout { get; init; } = 0.1;

    /// <summary>What the picture tower's blocks have in common.</summary>
    internal TransformerOptions ImageBlocks =>
        new(Image.Width, Image.Heads, Image.Layers, 4 * Image.Width)
        {
            Activation = ImageActivation,
            NormEpsilon = ImageNormEpsilon,
            Dropout = Dropout,
        };

    /// <summary>What the text tower's blocks have in common.</summary>
    internal TransformerOptions TextBlocks =>
        new(Text.Width, Text.Heads, Text.Layers, (long)((Text.Width * TextMlpRatio) + 1e-6))
        {
            Activation = TextActivation,
            NormEpsilon = TextNormEpsilon,
            Dropout = Dropout,
        };

    /// <inheritdoc/>
    internal override bool NeedsStartToken() => false;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Image.Validate(ImageSize);
        Text.Validate();
        OptionException.Require(
            !Image.NormBefore,
            "image.norm_before is true, but SigLIP's picture tower has no norm before its blocks. Set it to false."
        );
        OptionException.Require("text_mlp_ratio", TextMlpRatio, 0.25, 16, "the hidden layer is some multiple of the width");
        OptionException.Require("image_norm_epsilon", ImageNormEpsilon, 1e-12, 1e-2, "it only keeps a norm from dividing by zero");
        OptionException.Require("text_norm_epsilon", TextNormEpsilon, 1e-12, 1e-2, "it only keeps a norm from dividing by zero");
        OptionException.Require("dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
    }
}
