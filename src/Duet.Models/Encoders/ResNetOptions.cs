// The shape of a residual network.
namespace Duet.Models.Encoders;

/// <summary>The shape of a residual network (He et al., arXiv 1512.03385; torchvision's variant: the stride is in the 3x3
/// convolution).</summary>
public sealed record ResNetOptions : PictureTowerOptions
{
    /// <summary>Whether the blocks are bottlenecks (1x1, 3x3, 1x1 with four times the width) or basic (two 3x3).</summary>
    public bool Bottleneck { get; init; } = true;

    /// <summary>Blocks in each of the stages; stage k has width <c>Width * 2^k</c> and, from the second on, half the resolution.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the stem and of the first stage's inner convolutions.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Groups of a bottleneck's 3x3 convolution; above 1 it is a ResNeXt (Xie et al., arXiv 1611.05431).</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Inner channels per group for every 64 channels of the stage's width; 64 in a plain network, 4 in a ResNeXt 32x4d.</summary>
    public int GroupWidth { get; init; } = 64;

    /// <summary>Whether batch statistics stay as they are while training, as published weights want it: those of small batches of other
    /// pictures are worse.</summary>
    public bool FrozenStatistics { get; init; }

    /// <summary>
    /// The stages whose maps a tower's sequence is made of, counted from the last: 1 for the last alone. The maps of the earlier ones are
    /// averaged over the last one's cells and joined to it, so that a cell also says what its colors and edges are (hypercolumns, Hariharan
    /// et al., arXiv 1411.5752).
    /// </summary>
    public int Levels { get; init; } = 1;

    /// <summary>One basic block in each of three stages of a quarter of the width: for tests and demonstrations. A cell covers 16 x 16
    /// pixels.</summary>
    internal static ResNetOptions Tiny { get; } =
        new()
        {
            Bottleneck = false,
            Blocks = [1, 1, 1],
            Width = 16,
        };

    /// <summary>ResNet-18 without its last stage and with half the width, for training from scratch on a CPU. A cell covers 16 x 16
    /// pixels.</summary>
    internal static ResNetOptions Small { get; } =
        new()
        {
            Bottleneck = false,
            Blocks = [2, 2, 2],
            Width = 32,
        };

    /// <summary>ResNet-18.</summary>
    internal static ResNetOptions ResNet18 { get; } = new() { Bottleneck = false, Blocks = [2, 2, 2, 2] };

    /// <summary>ResNet-34.</summary>
    internal static ResNetOptions ResNet34 { get; } = new() { Bottleneck = false };

    /// <summary>ResNet-50.</summary>
    internal static ResNetOptions ResNet50 { get; } = new();

    /// <summary>ResNeXt-50 32x4d: GLAMI-1M's image tower.</summary>
    internal static ResNetOptions ResNeXt50 { get; } = new() { Groups = 32, GroupWidth = 4 };

    /// <summary>ResNet-101.</summary>
    internal static ResNetOptions ResNet101 { get; } = new() { Blocks = [3, 4, 23, 3] };

    /// <summary>ResNet-152: MMBT's image tower.</summary>
    internal static ResNetOptions ResNet152 { get; } = new() { Blocks = [3, 8, 36, 3] };

    /// <summary>Channels of the last stage's map.</summary>
    internal int OutputChannels => Width * (1 << (Blocks.Count - 1)) * (Bottleneck ? 4 : 1);

    /// <summary>Width of a tower's sequence: the channels of all its <see cref="Levels"/>.</summary>
    internal int SequenceWidth => Enumerable.Range(Blocks.Count - Levels, Levels).Sum(stage => (Width << stage) * (Bottleneck ? 4 : 1));

    /// <summary>Channels of the 3x3 convolution in a bottleneck of a stage's width.</summary>
    internal int InnerWidth(int width) => width * GroupWidth / 64 * Groups;

    /// <summary>Rows and columns of the last stage's map of a square picture: every halving rounds up.</summary>
    internal int MapSide(int imageSize)
    {
        var side = imageSize;
        for (var halving = 0; halving < Blocks.Count + 1; halving++)
        {
            side = (side + 1) / 2;
        }

        return side;
    }

    /// <inheritdoc/>
    internal override int Depth => Blocks.Count;

    /// <inheritdoc/>
    internal override void Check(int imageSize) => Validate();

    /// <inheritdoc/>
    internal override PictureTower Build(TowerSurroundings surroundings) =>
        new ResNetTower(new ResNet(this), surroundings.Options.ImageSize);

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        OptionException.Require(
            Blocks is { Count: >= 1 and <= 6 } && Blocks.All(count => count is >= 1 and <= 256),
            "resnet.blocks needs one to six stages of 1 to 256 blocks."
        );
        OptionException.Require("resnet.levels", Levels, 1, Blocks.Count, "it counts stages from the last");
        OptionException.Require("resnet.width", Width, 1, 4096, "it is the number of channels of the first stage");
        OptionException.Require(
            (Groups == 1 && GroupWidth == 64) || (Bottleneck && Groups >= 1 && GroupWidth >= 1 && Width * GroupWidth / 64 >= 1),
            $"resnet.groups {Groups} and resnet.group_width {GroupWidth} need bottlenecks and leave no channels at resnet.width {Width}."
        );
    }
}
