// The settings of a Perceiver's picture reader.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>How a picture becomes a sequence of cells with positions.</summary>
/// <param name="Height">Height of the pictures in pixels.</param>
/// <param name="Width">Width of the pictures in pixels.</param>
public sealed record PerceiverImageOptions(long Height, long Width)
{
    /// <summary>Channels of the pictures.</summary>
    public long Channels { get; init; } = 3;

    /// <summary>How the picture is taken apart.</summary>
    public PerceiverImageReading Reading { get; init; } = PerceiverImageReading.Patches;

    /// <summary>Side of a patch, or stride; the convolution always reduces by 4.</summary>
    public long Downsample { get; init; } = 4;

    /// <summary>Channels that the convolutions, or the map after patching, give.</summary>
    public long OutputChannels { get; init; } = 64;

    /// <summary>Whether flattened patches pass a linear map to <see cref="OutputChannels"/>.</summary>
    public bool ProjectPatches { get; init; }

    /// <summary>Whether the convolution is followed by batch normalisation.</summary>
    public bool BatchNorm { get; init; } = true;

    /// <summary>Fourier positions; null learns them.</summary>
    public PerceiverFourierOptions? Fourier { get; init; }

    /// <summary>Channels of learned positions, where there are no Fourier positions.</summary>
    public long LearnedPositionChannels { get; init; } = 64;

    /// <summary>Channels that the positions are mapped to by a linear map; null leaves them as they are.</summary>
    public long? PositionProjection { get; init; }

    /// <summary>Whether positions are added to the cells' features; false puts them behind the features.</summary>
    public bool AddPositions { get; init; }

    /// <summary>Rows and columns of cells.</summary>
    public (long Rows, long Columns) Grid =>
        Reading switch
        {
            PerceiverImageReading.Patches => (Height / Downsample, Width / Downsample),
            PerceiverImageReading.Convolution => (Pooled(Height), Pooled(Width)),
            _ => (((Height - 1) / Downsample) + 1, ((Width - 1) / Downsample) + 1),
        };

    /// <summary>Channels of a cell's features without its position.</summary>
    public long FeatureChannels =>
        Reading switch
        {
            PerceiverImageReading.Pixels => Channels,
            PerceiverImageReading.Patches when !ProjectPatches => PatchChannels,
            _ => OutputChannels,
        };

    /// <summary>Numbers in one flattened patch.</summary>
    public long PatchChannels => Channels * Downsample * Downsample;

    /// <summary>Channels of a position as it joins the features.</summary>
    public long PositionChannels => PositionProjection ?? RawPositionChannels;

    /// <summary>Channels of a position before a projection.</summary>
    internal long RawPositionChannels => Fourier?.Channels ?? LearnedPositionChannels;

    /// <summary>Channels of a cell with its position.</summary>
    public long TokenChannels => AddPositions ? FeatureChannels : FeatureChannels + PositionChannels;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="OptionException">A setting is out of range, the picture cannot be cut so, or the channels to add
    /// differ.</exception>
    internal void Validate()
    {
        OptionException.Require("height", Height, 1, 65536, "a picture has at least one pixel");
        OptionException.Require("width", Width, 1, 65536, "a picture has at least one pixel");
        OptionException.Require(
            "downsample",
            Downsample,
            1,
            Math.Min(Height, Width),
            "a patch or stride is at least one pixel and no larger than the picture"
        );
        OptionException.Require("feature channels", FeatureChannels, 1, 65536, "a cell has at least one channel");
        OptionException.Require("position channels", PositionChannels, 1, 65536, "a position has at least one channel");
        OptionException.Require(
            !AddPositions || FeatureChannels == PositionChannels,
            $"Positions of {PositionChannels} channels cannot be added to features of {FeatureChannels}; project them or append them."
        );
        OptionException.Require(
            Reading != PerceiverImageReading.Patches || (Height % Downsample == 0 && Width % Downsample == 0),
            $"A picture of {Height}x{Width} cannot be cut into patches of {Downsample} pixels."
        );
        OptionException.Require(
            Reading != PerceiverImageReading.Convolution || Math.Min(Height, Width) >= 5,
            $"A picture of {Height}x{Width} is too small for the convolution: 5 pixels per side at least."
        );
    }

    // A 7x7 convolution of stride 2 with padding 3, then a 3x3 maximum of stride 2 without padding.
    private static long Pooled(long side) => ((((side - 1) / 2) + 1 - 3) / 2) + 1;
}
