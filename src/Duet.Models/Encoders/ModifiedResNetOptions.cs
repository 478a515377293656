// The settings of CLIP's convolutional picture tower.
namespace Duet.Models.Encoders;

/// <summary>The shape of CLIP's modified ResNet (openai/CLIP, clip/model.py). Defaults are those of RN50.</summary>
public sealed record ModifiedResNetOptions : PictureTowerOptions
{
    /// <summary>Bottleneck blocks in each of the four stages.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels after the stem; the last stage has 32 times as many. Even.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Heads of the attention pool; published towers have <c>width * 32 / 64</c>.</summary>
    public int Heads { get; init; } = 32;

    /// <summary>Whether batch statistics stay as they are while training, as published weights want it.</summary>
    public bool FrozenStatistics { get; init; }

    /// <inheritdoc/>
    internal override int Depth => Layers.Count;

    /// <inheritdoc/>
    internal override void Check(int imageSize) => Validate(imageSize);

    /// <inheritdoc/>
    internal override PictureTower Build(TowerSurroundings surroundings) =>
        new ClipResNetTower(new ModifiedResNet(this, surroundings.Options.ImageSize, surroundings.JointWidth), surroundings);

    /// <summary>Checks every setting against the picture's side.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate(int imageSize)
    {
        OptionException.Require(
            Layers.Count == 4 && Layers.All(blocks => blocks is >= 1 and <= 64),
            "res_net.layers needs four numbers between 1 and 64, one per stage."
        );
        OptionException.Require("res_net.width", Width, 2, 1024, "there are no wider published towers");
        OptionException.Require(Width % 2 == 0, $"res_net.width {Width} must be even: the stem begins with half of it.");
        OptionException.Require(
            Heads >= 1 && Width * 32 % Heads == 0,
            $"res_net.width {Width} times 32 is not a multiple of res_net.heads {Heads}."
        );
        OptionException.Require(
            imageSize >= 32 && CellsOf(imageSize) == imageSize / 32,
            $"image_size {imageSize} gives a map of {CellsOf(imageSize)} cells per side, for which the attention pool has no "
                + $"positions: it has image_size / 32, rounded down. Multiples of 32 fit."
        );
    }

    // The first convolution, of stride 2 with padding, rounds up; the four average pools after it round down.
    private static int CellsOf(int imageSize) => (imageSize + 1) / 2 / 16;
}
