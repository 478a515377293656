// The settings of ViT.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models;

/// <summary>ViT's settings. Defaults are those of ViT-B/16 at 224 pixels as Hugging Face publishes it.</summary>
public sealed record VitOptions : ModelOptions
{
    /// <summary>Creates the defaults: pictures only, pixels scaled to [-1, 1].</summary>
    public VitOptions()
    {
        Modalities = InputModalities.Image;
        PixelMean = [0.5, 0.5, 0.5];
        PixelDeviation = [0.5, 0.5, 0.5];
    }

    /// <summary>The transformer over patches.</summary>
    public VisionTransformerOptions Image { get; init; } =
        new()
        {
            PatchSize = 16,
            PatchBias = true,
            NormBefore = false,
        };

    /// <summary>The activation in every block.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Epsilon of the layer norms: 1e-12 in Hugging Face's, 1e-6 in torchvision's ViT.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>How the sequence becomes one vector.</summary>
    public VitPooling Pooling { get; init; } = VitPooling.ClassToken;

    /// <summary>Dropout after attention and MLP in every block.</summary>
    public double Dropout { get; init; }

    /// <summary>Width of the hidden layer of each task's head; 0, as published, for a linear classifier.</summary>
    public int HeadWidth { get; init; }

    /// <summary>Dropout inside each task's head.</summary>
    public double HeadDropout { get; init; }

    /// <summary>What the blocks have in common.</summary>
    internal TransformerOptions Blocks =>
        new(Image.Width, Image.Heads, Image.Layers, 4 * Image.Width)
        {
            Activation = Activation,
            NormEpsilon = NormEpsilon,
            Dropout = Dropout,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Image.Validate(ImageSize);
        OptionException.Require(
            Modalities == InputModalities.Image,
            $"modalities is {Modalities}, but ViT sees pictures only: set it to image."
        );
        OptionException.Require("norm_epsilon", NormEpsilon, 1e-12, 1e-2, "it only keeps a norm from dividing by zero");
        OptionException.Require("dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
    }
}

/// <summary>What is read from a vision transformer's last norm.</summary>
public enum VitPooling
{
    /// <summary>The class position (arXiv 2010.11929).</summary>
    ClassToken,

    /// <summary>The class position through a linear layer and tanh (Hugging Face's ViTModel; the paper's pre-training head).</summary>
    Pooler,

    /// <summary>The mean of the patches (Beyer et al., arXiv 2205.01580).</summary>
    Mean,
}
