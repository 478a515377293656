// The residual network as an encoder of pictures into a grid of features.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// A residual network without its classifier (He et al., arXiv 1512.03385): stem of a 7x7 convolution and max pool, then stages of blocks.
/// Parameter names as in torchvision (<c>conv1</c>, <c>bn1</c>, <c>layer1.0.conv1</c>, ...).
/// </summary>
public sealed class ResNet : Module
{
    private readonly Conv2d _stem;
    private readonly BatchNorm2d _stemNorm;
    private readonly List<ModuleList<ResNetBlock>> _stages = [];

    /// <summary>Creates the network.</summary>
    public ResNet(ResNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _stem = Add("conv1", new Conv2d(3, options.Width, 7, 2, 3, bias: false));
        _stemNorm = Add("bn1", new BatchNorm2d(options.Width));
        var channels = options.Width;
        for (var stage = 0; stage < options.Blocks.Count; stage++)
        {
            var blocks = Add($"layer{stage + 1}", new ModuleList<ResNetBlock>());
            var width = options.Width << stage;
            for (var block = 0; block < options.Blocks[stage]; block++)
            {
                blocks.Append(
                    new ResNetBlock(
                        channels,
                        width,
                        stage > 0 && block == 0 ? 2 : 1,
                        options.Bottleneck,
                        options.InnerWidth(width),
                        options.Groups
                    )
                );
                channels = options.Bottleneck ? width * 4 : width;
            }

            _stages.Add(blocks);
        }

        this.FreezeStatistics(options.FrozenStatistics);
    }

    /// <summary>The network's shape.</summary>
    public ResNetOptions Options { get; }

    /// <summary>Pictures to the last stage's map: <c>[B, 3, H, W] -> [B, C, H / 32, W / 32]</c> with four stages.</summary>
    /// <param name="pixels">Normalised pictures, <c>[B, 3, H, W]</c>.</param>
    public Tensor Forward(Tensor pixels) => Maps(pixels)[^1];

    /// <summary>Pictures to the maps of all stages, each with half the sides of the one before from the second on.</summary>
    /// <param name="pixels">Normalized pictures, <c>[B, 3, H, W]</c>.</param>
    internal IReadOnlyList<Tensor> Maps(Tensor pixels)
    {
        var maps = new List<Tensor>();
        var map = nn.functional.max_pool2d(_stemNorm.After(_stem, pixels).relu(), 3, 2, 1);
        ForwardRecorder.Report(this, "map", map);
        foreach (var stage in _stages)
        {
            foreach (var block in stage)
            {
                map = block.Forward(map);
            }

            ForwardRecorder.Report(this, "map", map);
            maps.Add(map);
        }

        return maps;
    }

    /// <summary>Pictures to one vector each, the mean over the map: <c>[B, 3, H, W] -> [B, C]</c>.</summary>
    public Tensor Pool(Tensor pixels) => Forward(pixels).flatten(2, 3).mean([2]);

    /// <summary>Switches training of the network on or off, with its batch statistics: a frozen tower keeps its running
    /// statistics.</summary>
    public void Freeze(bool frozen)
    {
        SetTrainable(!frozen);
        this.FreezeStatistics(frozen);
    }
}
