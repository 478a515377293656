// The settings of Perceiver IO.
using Duet.Models.Encoders;
using Duet.Models.Fusion;

namespace Duet.Models;

/// <summary>
/// Perceiver IO's settings. Defaults are those of the paper's ImageNet model with convolutional reading (arXiv 2107.14795, appendix A),
/// with a text beside the picture.
/// </summary>
public sealed record PerceiverIoOptions : ModelOptions
{
    /// <summary>How the picture becomes cells.</summary>
    public PerceiverImageReading ImageReading { get; init; } = PerceiverImageReading.Convolution;

    /// <summary>Side of a patch, or stride of pixels and 1x1 convolution; the convolution always reduces by 4.</summary>
    public int ImageDownsample { get; init; } = 4;

    /// <summary>Channels that the convolutions give.</summary>
    public int ImageWidth { get; init; } = 64;

    /// <summary>The cells' positions.</summary>
    public PerceiverPositions ImagePositions { get; init; } = PerceiverPositions.Fourier;

    /// <summary>Frequencies per dimension of Fourier positions.</summary>
    public int FourierBands { get; init; } = 64;

    /// <summary>Channels of learned positions.</summary>
    public int LearnedPositionWidth { get; init; } = 256;

    /// <summary>Channels of a text token, its position added.</summary>
    public int TextWidth { get; init; } = 768;

    /// <summary>Learned channels that even the widest modality gets, so that the modalities can be distinguished.</summary>
    public int MinimumPadding { get; init; } = 2;

    /// <summary>Number N of latent vectors.</summary>
    public int Latents { get; init; } = 512;

    /// <summary>Width D of a latent vector.</summary>
    public int LatentWidth { get; init; } = 1024;

    /// <summary>How often the latents read the input: once in Perceiver IO, several times in the first Perceiver.</summary>
    public int Reads { get; init; } = 1;

    /// <summary>Heads of a read.</summary>
    public int ReadHeads { get; init; } = 1;

    /// <summary>Query and value channels of a read; 0 takes the input's width.</summary>
    public int ReadChannels { get; init; }

    /// <summary>How often the block of self-attention layers is applied, always with the same weights.</summary>
    public int Blocks { get; init; } = 8;

    /// <summary>Self-attention layers in the block.</summary>
    public int LayersPerBlock { get; init; } = 6;

    /// <summary>Heads of the self-attention layers.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Hidden width of every MLP as a multiple of its width.</summary>
    public int WideningFactor { get; init; } = 1;

    /// <summary>Width E of the task queries and of their answers.</summary>
    public int QueryWidth { get; init; } = 1024;

    /// <summary>Heads with which a query reads the latents.</summary>
    public int QueryHeads { get; init; } = 1;

    /// <summary>Whether a query is added to its answer.</summary>
    public bool QueryResidual { get; init; } = true;

    /// <summary>Width of the hidden layer of each task's classifier; 0, the paper's, is a linear map.</summary>
    public int HeadWidth { get; init; }

    /// <summary>Dropout in front of each classifier's last layer.</summary>
    public double HeadDropout { get; init; }

    /// <summary>Dropout after attention and MLP in every layer; the paper has none.</summary>
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionException.Require("image_downsample", ImageDownsample, 1, ImageSize, "a cell is a part of the picture");
        OptionException.Require("image_width", ImageWidth, 1, 65536, "a cell has at least one channel");
        OptionException.Require("fourier_bands", FourierBands, 1, 4096, "positions need at least one frequency");
        OptionException.Require("learned_position_width", LearnedPositionWidth, 1, 65536, "a position has at least one channel");
        OptionException.Require("text_width", TextWidth, 1, 65536, "a token has at least one channel");
        OptionException.Require("minimum_padding", MinimumPadding, 0, 65536, "it is a number of channels");
        OptionException.Require("read_channels", ReadChannels, 0, 65536, "0 takes the input's width");
        OptionException.Require("query_heads", QueryHeads, 1, QueryWidth, "attention has at least one head");
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        Image.Validate();
        var encoder = Encoder(InputWidth);
        encoder.Validate();
        encoder.Cross.Validate();
        encoder.Self.Validate();
        Decoder.Validate();
    }

    /// <summary>The picture reader's settings.</summary>
    internal PerceiverImageOptions Image
    {
        get
        {
            var cells = new PerceiverImageOptions(ImageSize, ImageSize)
            {
                Reading = ImageReading,
                Downsample = ImageDownsample,
                OutputChannels = ImageWidth,
                LearnedPositionChannels = LearnedPositionWidth,
            };
            var (rows, columns) = cells.Grid;
            return ImagePositions == PerceiverPositions.Fourier ? cells with { Fourier = new(FourierBands, [rows, columns]) } : cells;
        }
    }

    /// <summary>The width that all modalities are padded to.</summary>
    internal long InputWidth => Math.Max(Image.TokenChannels, TextWidth) + MinimumPadding;

    /// <summary>How the queries read the latents.</summary>
    internal PerceiverLayerOptions Decoder =>
        new(QueryWidth, QueryHeads, LatentWidth)
        {
            WideningFactor = WideningFactor,
            QueryResidual = QueryResidual,
            Dropout = Dropout,
        };

    /// <summary>The latent array's settings for an input of a width.</summary>
    internal LatentEncoderOptions Encoder(long inputWidth) =>
        new(Latents, LatentWidth, inputWidth)
        {
            CrossAttentions = Reads,
            CrossHeads = ReadHeads,
            CrossWideningFactor = WideningFactor,
            CrossQueryChannels = ReadChannels == 0 ? null : ReadChannels,
            Blocks = Blocks,
            LayersPerBlock = LayersPerBlock,
            SelfHeads = Heads,
            SelfWideningFactor = WideningFactor,
            Dropout = Dropout,
        };
}

/// <summary>The position features of a picture's cells.</summary>
public enum PerceiverPositions
{
    /// <summary>Fixed sines and cosines of the cell's coordinates.</summary>
    Fourier,

    /// <summary>One learned vector per cell.</summary>
    Learned,
}

/// <summary>How a picture becomes cells (the published <c>prep_type</c>).</summary>
public enum PerceiverImageReading
{
    /// <summary>Every pixel is a cell; with a stride, every stride-th of each row and column.</summary>
    Pixels,

    /// <summary>Square patches, flattened row by row, channels last.</summary>
    Patches,

    /// <summary>A 7x7 convolution of stride 2, batch normalisation, ReLU and a 3x3 maximum of stride 2: a quarter of each side.</summary>
    Convolution,

    /// <summary>A 1x1 convolution, strided.</summary>
    PointConvolution,
}

/// <summary>Fourier features of grid positions (Perceiver, arXiv 2103.03206).</summary>
/// <param name="Bands">Number K of frequencies per dimension, at least 1.</param>
/// <param name="MaximumResolution">
/// The resolution per dimension whose half (the Nyquist frequency) is the highest frequency: bands are spread evenly from 1 to half of it.
/// </param>
public sealed record PerceiverFourierOptions(int Bands, IReadOnlyList<long> MaximumResolution)
{
    /// <summary>Whether the raw coordinates come before the sines.</summary>
    public bool IncludePositions { get; init; } = true;

    /// <summary>Whether the cosines are left out.</summary>
    public bool SineOnly { get; init; }

    /// <summary>Channels of one position: <c>d K</c> sines, as many cosines, and d coordinates.</summary>
    public long Channels => MaximumResolution.Count * (((SineOnly ? 1L : 2L) * Bands) + (IncludePositions ? 1 : 0));
}
