// The settings of a residual network alone.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>The settings of a residual network as a system of its own. Defaults are those of ResNet-50 with ImageNet's pixel
/// statistics.</summary>
public sealed record ResNetClassifierOptions : ModelOptions
{
    /// <summary>Starts with ImageNet's pixel statistics (torchvision).</summary>
    public ResNetClassifierOptions()
    {
        PixelMean = [0.485, 0.456, 0.406];
        PixelDeviation = [0.229, 0.224, 0.225];
    }

    /// <inheritdoc/>
    public override string Tokenizer { get; init; } = "wordpiece";

    /// <summary>The network.</summary>
    public ResNetOptions Image { get; init; } = new();

    /// <summary>Width of the hidden layer of each task's head; 0, the published way, makes the heads linear.</summary>
    public int HeadWidth { get; init; }

    /// <summary>Dropout before each task's last layer.</summary>
    public double HeadDropout { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Image.Validate();
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
    }
}
