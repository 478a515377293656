// Pictures as sequences of cells with positions, for a Perceiver.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The picture preprocessor of Perceiver IO (arXiv 2107.14795, appendix A): pixels, patches or a small convolution, with Fourier or learned
/// positions behind the features or added to them. Parameters, where the options ask for them: <c>conv</c>, <c>norm</c>,
/// <c>patch_projection</c>,
/// <c>positions</c>, <c>position_projection</c>.
/// </summary>
public sealed class PerceiverImageReader : Module
{
    private readonly Conv2d? _conv;
    private readonly BatchNorm2d? _norm;
    private readonly Linear? _patchProjection;
    private readonly PerceiverFourierPositions? _fourier;
    private readonly Tensor? _positions;
    private readonly Linear? _positionProjection;

    /// <summary>Creates the reader.</summary>
    /// <exception cref="OptionException">The options are out of range.</exception>
    public PerceiverImageReader(PerceiverImageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        var (rows, columns) = options.Grid;
        _conv = options.Reading switch
        {
            PerceiverImageReading.Convolution => Add(
                "conv",
                new Conv2d(options.Channels, options.OutputChannels, 7, stride: 2, padding: 3, bias: false)
            ),
            PerceiverImageReading.PointConvolution => Add(
                "conv",
                new Conv2d(options.Channels, options.OutputChannels, 1, stride: options.Downsample)
            ),
            _ => null,
        };
        _norm =
            options.Reading == PerceiverImageReading.Convolution && options.BatchNorm
                ? Add("norm", new BatchNorm2d(options.OutputChannels))
                : null;
        if (options.Reading == PerceiverImageReading.Patches && options.ProjectPatches)
        {
            var deviation = Math.Pow(options.PatchChannels, -0.5);
            _patchProjection = Add("patch_projection", new Linear(options.PatchChannels, options.OutputChannels, deviation: deviation));
        }

        if (options.Fourier is { } fourier)
        {
            _fourier = Add("fourier", new PerceiverFourierPositions([rows, columns], fourier));
        }
        else
        {
            _positions = AddParameter("positions", Tensors.Normal([rows * columns, options.LearnedPositionChannels], 0, 0.02));
        }

        if (options.PositionProjection is { } width)
        {
            var deviation = Math.Pow(options.RawPositionChannels, -0.5);
            _positionProjection = Add("position_projection", new Linear(options.RawPositionChannels, width, deviation: deviation));
        }
    }

    /// <summary>The settings.</summary>
    public PerceiverImageOptions Options { get; }

    /// <summary>The number of cells of a picture.</summary>
    public long Cells => Options.Grid.Rows * Options.Grid.Columns;

    /// <summary>Pictures <c>[B, C, H, W]</c> to cells <c>[B, rows columns, channels]</c>, row by row.</summary>
    public Tensor Forward(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var features = Options.Reading switch
        {
            PerceiverImageReading.Pixels => Sequence(Strided(Strided(pixels, 2), 3)),
            PerceiverImageReading.Patches => Patches(pixels),
            PerceiverImageReading.Convolution => Sequence(Convolved(pixels)),
            _ => Sequence(_conv!.Forward(pixels)),
        };
        var positions = _positions ?? _fourier!.Forward(pixels.device);
        positions = _positionProjection is null ? positions : _positionProjection.Forward(positions);
        return Options.AddPositions
            ? features.Plus(positions)
            : cat([features, positions.unsqueeze(0).expand(features.size(0), -1, -1).to(features.dtype)], 2);
    }

    private static Tensor Sequence(Tensor map) => map.flatten(2).transpose(1, 2);

    private Tensor Strided(Tensor pixels, int dimension) =>
        Options.Downsample == 1
            ? pixels
            : pixels.index_select(dimension, Tensors.Range(0, pixels.size(dimension), Options.Downsample, device: pixels.device));

    private Tensor Patches(Tensor pixels)
    {
        var (rows, columns) = Options.Grid;
        var side = Options.Downsample;
        var patches = pixels
            .reshape(pixels.size(0), Options.Channels, rows, side, columns, side)
            .permute(0, 2, 4, 3, 5, 1)
            .reshape(pixels.size(0), rows * columns, Options.PatchChannels);
        return _patchProjection is null ? patches : _patchProjection.Forward(patches);
    }

    private Tensor Convolved(Tensor pixels)
    {
        var map = _conv!.Forward(pixels);
        map = _norm is null ? map : _norm.Forward(map);
        return nn.functional.max_pool2d(map.relu(), 3, 2);
    }
}
