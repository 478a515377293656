// What the settings of all systems with one BERT over words and picture features have in common.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>The settings of a system that reads words and picture features in one BERT.</summary>
public abstract record OneStreamOptions : BertSystemOptions
{
    /// <summary>Starts with ImageNet's pixel statistics, which residual networks are trained with (torchvision).</summary>
    protected OneStreamOptions()
    {
        PixelMean = [0.485, 0.456, 0.406];
        PixelDeviation = [0.229, 0.224, 0.225];
    }

    /// <summary>The residual network whose features the picture is read by, trained together with the rest.</summary>
    public ResNetOptions Image { get; init; } = new();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Image.Validate();
    }
}
