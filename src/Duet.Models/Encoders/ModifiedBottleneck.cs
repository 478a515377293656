// One block of CLIP's modified ResNet.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// A bottleneck whose convolutions all have stride 1: an average pool after the second convolution (and before the shortcut's 1 x 1
/// convolution) does the striding, which keeps high frequencies from folding back (openai/CLIP, clip/model.py, Bottleneck;
/// parameters under its names).
/// </summary>
public sealed class ModifiedBottleneck : Module
{
    private const int Expansion = 4;
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _norm1;
    private readonly Conv2d _conv2;
    private readonly BatchNorm2d _norm2;
    private readonly Conv2d _conv3;
    private readonly BatchNorm2d _norm3;
    private readonly Projection? _downsample;
    private readonly long _stride;

    /// <summary>Creates a block.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="planes">Channels inside; the output has four times as many.</param>
    /// <param name="stride">By how much the picture shrinks.</param>
    public ModifiedBottleneck(long inputs, long planes, long stride)
    {
        _stride = stride;
        _conv1 = Add("conv1", new Conv2d(inputs, planes, 1, bias: false));
        _norm1 = Add("bn1", new BatchNorm2d(planes));
        _conv2 = Add("conv2", new Conv2d(planes, planes, 3, padding: 1, bias: false));
        _norm2 = Add("bn2", new BatchNorm2d(planes));
        _conv3 = Add("conv3", new Conv2d(planes, planes * Expansion, 1, bias: false));
        _norm3 = Add("bn3", new BatchNorm2d(planes * Expansion));
        _downsample =
            stride > 1 || inputs != planes * Expansion ? Add("downsample", new Projection(inputs, planes * Expansion, stride)) : null;

        // The residual branch starts as zero, as in the published initialisation.
        using var recording = no_grad();
        _norm3.Weight.FillInPlace(0);
    }

    /// <summary><c>[B, inputs, H, W] -> [B, 4 planes, H / stride, W / stride]</c>.</summary>
    public Tensor Forward(Tensor input)
    {
        var hidden = _norm1.After(_conv1, input).relu();
        hidden = _norm2.After(_conv2, hidden).relu();
        hidden = _stride > 1 ? nn.functional.avg_pool2d(hidden, _stride) : hidden;
        hidden = _norm3.After(_conv3, hidden);
        return (hidden.Plus(_downsample is null ? input : _downsample.Forward(input))).relu();
    }

    /// <summary>The shortcut where shapes differ: average pool (published as "-1", without weights), convolution "0", batch norm
    /// "1".</summary>
    private sealed class Projection : Module
    {
        private readonly long _stride;
        private readonly Conv2d _convolution;
        private readonly BatchNorm2d _norm;

        public Projection(long inputs, long outputs, long stride)
        {
            _stride = stride;
            _convolution = Add("0", new Conv2d(inputs, outputs, 1, bias: false));
            _norm = Add("1", new BatchNorm2d(outputs));
        }

        public Tensor Forward(Tensor input) => _norm.After(_convolution, _stride > 1 ? nn.functional.avg_pool2d(input, _stride) : input);
    }
}
