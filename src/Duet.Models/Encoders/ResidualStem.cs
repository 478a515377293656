// Patch embedding by a small residual network.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// A residual network in front of a vision transformer, whose map's cells are the patches (Dosovitskiy et al., arXiv 2010.11929, section
/// 3.1, "Hybrid Architecture"; blocks of He et al., arXiv 1512.03385): a 3 x 3 convolution of stride 2 with batch norm and ReLU, then
/// stages of basic blocks whose first has stride 2; channels double from stage to stage up to the tokens' width; then a 1 x 1 convolution.
/// </summary>
public sealed class ResidualStem : Module
{
    private readonly Conv2d _first;
    private readonly BatchNorm2d _firstNorm;
    private readonly ModuleList<ResNetBlock> _blocks = new();
    private readonly Conv2d _projection;

    /// <summary>Creates a stem.</summary>
    /// <param name="patchSize">Pixels of a patch's side, a power of two: its logarithm is the number of halvings.</param>
    /// <param name="width">Channels of the last stage.</param>
    /// <param name="depth">Blocks per stage.</param>
    public ResidualStem(int patchSize, int width, int depth)
    {
        var stages = int.Log2(patchSize);
        var channels = width >> (stages - 1);
        _first = Add("convolution", new Conv2d(3, channels, 3, stride: 2, padding: 1, bias: false));
        _firstNorm = Add("norm", new BatchNorm2d(channels));
        Add("blocks", _blocks);
        for (var stage = 1; stage < stages; stage++)
        {
            var outputs = width >> (stages - 1 - stage);
            for (var block = 0; block < depth; block++)
            {
                _blocks.Append(new ResNetBlock(channels, outputs, block == 0 ? 2 : 1, bottleneck: false));
                channels = outputs;
            }
        }

        _projection = Add("projection", new Conv2d(width, width, 1, deviation: Math.Pow(width, -0.5)));
    }

    /// <summary><c>[B, 3, S, S] -> [B, width, S / patch, S / patch]</c>.</summary>
    public Tensor Forward(Tensor pixels)
    {
        var hidden = _firstNorm.After(_first, pixels).relu();
        foreach (var block in _blocks)
        {
            hidden = block.Forward(hidden);
        }

        return _projection.Forward(hidden);
    }
}
