// CLIP's convolutional picture tower.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The modified ResNet of OpenAI's CLIP (openai/CLIP, clip/model.py, ModifiedResNet; parameters under its names): a stem of three
/// convolutions and an average pool, four stages of bottlenecks that shrink by average pools, and an attention pool instead of the mean.
/// </summary>
public sealed class ModifiedResNet : Module, IImageEncoder
{
    private readonly Conv2d[] _stem;
    private readonly BatchNorm2d[] _stemNorms;
    private readonly ModuleList<ModifiedBottleneck>[] _stages;
    private readonly AttentionPool2d _pool;

    /// <summary>Creates the tower.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="imageSize">Side S of the pictures; the map has S / 32 cells per side, rounded down.</param>
    /// <param name="outputWidth">Width of the joint space.</param>
    public ModifiedResNet(ModifiedResNetOptions options, int imageSize, int outputWidth)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(imageSize);
        var (half, width) = (options.Width / 2, options.Width);
        _stem =
        [
            new(3, half, 3, stride: 2, padding: 1, bias: false),
            new(half, half, 3, padding: 1, bias: false),
            new(half, width, 3, padding: 1, bias: false),
        ];
        _stemNorms = [new(half), new(half), new(width)];
        for (var k = 0; k < _stem.Length; k++)
        {
            Add($"conv{k + 1}", _stem[k]);
            Add($"bn{k + 1}", _stemNorms[k]);
        }

        _stages = new ModuleList<ModifiedBottleneck>[options.Layers.Count];
        var inputs = width;
        for (var stage = 0; stage < _stages.Length; stage++)
        {
            _stages[stage] = Add($"layer{stage + 1}", new ModuleList<ModifiedBottleneck>());
            for (var block = 0; block < options.Layers[stage]; block++)
            {
                var planes = width << stage;
                _stages[stage].Append(new ModifiedBottleneck(inputs, planes, block == 0 && stage > 0 ? 2 : 1));
                inputs = planes * 4;
            }
        }

        _pool = Add("attnpool", new AttentionPool2d(imageSize / 32, inputs, options.Heads, outputWidth));
        this.FreezeStatistics(options.FrozenStatistics);
    }

    /// <summary>The four stages, each a list of blocks.</summary>
    public IReadOnlyList<IReadOnlyList<ModifiedBottleneck>> Stages => _stages;

    /// <summary>The stem: <c>[B, 3, S, S] -> [B, width, S / 4, S / 4]</c>.</summary>
    public Tensor Stem(Tensor pixels)
    {
        var hidden = pixels;
        for (var k = 0; k < _stem.Length; k++)
        {
            hidden = _stemNorms[k].After(_stem[k], hidden).relu();
        }

        return nn.functional.avg_pool2d(hidden, 2);
    }

    /// <summary>The attention pool: <c>[B, 32 width, S / 32, S / 32] -> [B, E]</c>.</summary>
    public Tensor Pool(Tensor features) => _pool.Forward(features);

    /// <inheritdoc/>
    public Tensor Forward(Tensor pixels) => Pool(Map(pixels));

    /// <summary>The pooled picture and every cell in the joint space: <c>[B, 3, S, S] -> [B, 1 + cells, E]</c>.</summary>
    public Tensor Tokens(Tensor pixels) => _pool.All(Map(pixels));

    private Tensor Map(Tensor pixels) => _stages.SelectMany(stage => stage).Aggregate(Stem(pixels), (map, block) => block.Forward(map));
}
