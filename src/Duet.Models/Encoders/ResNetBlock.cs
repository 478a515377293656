// One residual block.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>A basic or bottleneck block with its shortcut (He et al., figure 5; parameter names as in torchvision).</summary>
public sealed class ResNetBlock : Module
{
    private readonly List<(Conv2d Convolution, BatchNorm2d Norm)> _layers = [];
    private readonly (Conv2d Convolution, BatchNorm2d Norm)? _shortcut;

    /// <summary>Creates a block.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="width">Channels of the inner convolutions.</param>
    /// <param name="stride">Stride of the 3x3 convolution (of the first one in a basic block) and of the shortcut.</param>
    /// <param name="bottleneck">Whether this is a bottleneck; its output has four times the width.</param>
    /// <param name="inner">Channels of a bottleneck's 3x3 convolution; null for the width.</param>
    /// <param name="groups">Groups of a bottleneck's 3x3 convolution.</param>
    public ResNetBlock(int inputs, int width, int stride, bool bottleneck, int? inner = null, int groups = 1)
    {
        if (bottleneck)
        {
            var middle = inner ?? width;
            AddLayer(inputs, middle, size: 1, stride: 1);
            AddLayer(middle, middle, size: 3, stride, groups);
            AddLayer(middle, width * 4, size: 1, stride: 1);
        }
        else
        {
            AddLayer(inputs, width, size: 3, stride);
            AddLayer(width, width, size: 3, stride: 1);
        }

        var outputs = bottleneck ? width * 4 : width;
        if (stride != 1 || inputs != outputs)
        {
            var shortcut = Add("downsample", new Shortcut(inputs, outputs, stride));
            _shortcut = (shortcut.Convolution, shortcut.Norm);
        }
    }

    /// <summary><c>[B, inputs, H, W] -> [B, outputs, H / stride, W / stride]</c>.</summary>
    public Tensor Forward(Tensor input)
    {
        var hidden = input;
        for (var k = 0; k < _layers.Count; k++)
        {
            hidden = _layers[k].Norm.After(_layers[k].Convolution, hidden);
            hidden = k < _layers.Count - 1 ? hidden.relu() : hidden;
        }

        var kept = _shortcut is { } shortcut ? shortcut.Norm.After(shortcut.Convolution, input) : input;
        return (hidden.Plus(kept)).relu();
    }

    private void AddLayer(int inputs, int outputs, int size, int stride, int groups = 1)
    {
        var number = _layers.Count + 1;
        var convolution = Add($"conv{number}", new Conv2d(inputs, outputs, size, stride, size / 2, bias: false, groups: groups));
        _layers.Add((convolution, Add($"bn{number}", new BatchNorm2d(outputs))));
    }

    private sealed class Shortcut : Module
    {
        public Shortcut(int inputs, int outputs, int stride)
        {
            Convolution = Add("0", new Conv2d(inputs, outputs, 1, stride, bias: false));
            Norm = Add("1", new BatchNorm2d(outputs));
        }

        public Conv2d Convolution { get; }

        public BatchNorm2d Norm { get; }
    }
}
