// The settings of CLIP's picture tower.
using Duet.Torch.Modules;

namespace Duet.Models.Encoders;

/// <summary>The shape of a vision transformer.</summary>
public sealed record VisionTransformerOptions : PictureTowerOptions
{
    /// <summary>A tower that trains from scratch on a CPU, the same in every system's preset <c>small</c> (docs/decisions/004).</summary>
    internal static VisionTransformerOptions Small { get; } =
        new()
        {
            PatchSize = 16,
            Width = 192,
            Layers = 2,
            Heads = 6,
            Stem = PatchStem.Residual,
        };

    /// <summary>
    /// Side of a square patch, in pixels. Where it does not divide the picture's side, pixels at the right and lower border belong to no
    /// patch, as in the published towers; a stem of several convolutions needs it to divide.
    /// </summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Width of the tokens.</summary>
    public int Width { get; init; } = 768;

    /// <summary>The number of blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the hidden layer of each block's MLP as a multiple of the tokens' width.</summary>
    public double MlpRatio { get; init; } = 4;

    /// <summary>Whether the patch embedding has a bias: ViT has one, CLIP has none.</summary>
    public bool PatchBias { get; init; }

    /// <summary>Whether there is a norm before the first block: in CLIP one does, in ViT none does.</summary>
    public bool NormBefore { get; init; } = true;

    /// <summary>How pixels become patch embeddings.</summary>
    public PatchStem Stem { get; init; } = PatchStem.Linear;

    /// <summary>The blocks of a tower of this shape.</summary>
    /// <param name="blocks">Activation, norm placement, dropout and epsilon.</param>
    internal TransformerOptions Blocks(TransformerOptions blocks) =>
        blocks with
        {
            Width = Width,
            Heads = Heads,
            Layers = Layers,
            MlpWidth = (long)((Width * MlpRatio) + 1e-6),
        };

    /// <summary>Convolutions per stage of a convolutional stem, blocks per stage of a residual one.</summary>
    public int StemDepth { get; init; } = 1;

    /// <inheritdoc/>
    internal override int Depth => Layers;

    /// <inheritdoc/>
    internal override void Check(int imageSize) => Validate(imageSize);

    /// <inheritdoc/>
    internal override PictureTower Build(TowerSurroundings surroundings) =>
        new ClipVitTower(new VisionTransformer(this, surroundings.Options.ImageSize, surroundings.JointWidth, surroundings.Blocks));

    /// <summary>Checks every setting against the picture's side.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate(int imageSize)
    {
        OptionException.Require("image.patch_size", PatchSize, 1, imageSize, "a patch is a part of the picture");
        OptionException.Require(
            Stem == PatchStem.Linear || imageSize % PatchSize == 0,
            $"image_size {imageSize} is not a multiple of image.patch_size {PatchSize}, which a stem of several convolutions needs."
        );
        OptionException.Require(
            "image.stem_depth",
            StemDepth,
            1,
            8,
            "the first convolution or block of a stage halves the picture, more only add cost"
        );
        OptionException.Require("image.layers", Layers, 0, 128, "there are no deeper published towers");
        OptionException.Require("image.width", Width, 1, 16384, "there are no wider published towers");
        OptionException.Require(Heads >= 1 && Width % Heads == 0, $"image.width {Width} is not a multiple of image.heads {Heads}.");
        OptionException.Require("image.mlp_ratio", MlpRatio, 0.25, 16, "the hidden layer is some multiple of the width");
        OptionException.Require(
            Stem == PatchStem.Linear || (int.IsPow2(PatchSize) && PatchSize >= 2 && Width >> (int.Log2(PatchSize) - 1) >= 4),
            $"a convolutional stem halves the picture at each step: image.patch_size {PatchSize} must be a power of two and small "
                + $"against image.width {Width}."
        );
    }
}
