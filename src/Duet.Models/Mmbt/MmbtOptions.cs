// The settings of MMBT.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>MMBT's settings. Defaults are the published ones for Food-101: BERT-base, ResNet-152, three image tokens.</summary>
public sealed record MmbtOptions : OneStreamOptions
{
    /// <summary>Starts with MMBT's own pixel statistics and image tower (facebookresearch/mmbt, data/helpers.py).</summary>
    public MmbtOptions()
    {
        PixelMean = [0.46777044, 0.44531429, 0.40661017];
        PixelDeviation = [0.12221994, 0.12145835, 0.14380469];
        Image = ResNetOptions.ResNet152;
    }

    /// <summary>Image tokens N, 1 to 9.</summary>
    public int ImageTokens { get; init; } = 3;

    /// <summary>Whether cells of the map are pooled by their maximum instead of their mean.</summary>
    public bool MaximumPooling { get; init; }

    /// <summary>What replaces a missing picture.</summary>
    public MissingPicture MissingPicture { get; init; } = MissingPicture.Hidden;

    /// <summary>Epochs during which the image tower is frozen: 3 as published with pre-trained towers.</summary>
    public int FreezeImageEpochs { get; init; }

    /// <summary>Epochs during which BERT's blocks are frozen: 5 as published with pre-trained towers.</summary>
    public int FreezeTextEpochs { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionException.Require("image_tokens", ImageTokens, 1, 9, "MMBT defines its cells for these numbers");
        OptionException.Require("text.positions", Text.Positions, ImageTokens + 2, 1_000_000, "the picture's part has positions too");
        OptionException.Require("text.segments", Text.Segments, 2, 65_536, "picture and words have a segment each");
        OptionException.Require("freeze_image_epochs", FreezeImageEpochs, 0, 100_000, "0 trains the image tower from the start");
        OptionException.Require("freeze_text_epochs", FreezeTextEpochs, 0, 100_000, "0 trains the text tower from the start");
    }
}

/// <summary>What replaces a missing picture in MMBT.</summary>
public enum MissingPicture
{
    /// <summary>Its image tokens are hidden from attention.</summary>
    Hidden,

    /// <summary>A picture of grey value 128 is read, as in the published code (facebookresearch/mmbt, data/dataset.py).</summary>
    Grey,
}
