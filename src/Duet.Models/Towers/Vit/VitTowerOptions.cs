// The settings of a ViT as a picture tower.
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models.Encoders;

/// <summary>The shape of a vision transformer trained on labels (arXiv 2010.11929): no norm before the blocks, a bias in the patch
/// embedding, no joint space. Defaults are those of ViT-B/16.</summary>
public sealed record VitTowerOptions : PictureTowerOptions
{
    /// <summary>Side of a square patch, in pixels.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>Width of the tokens.</summary>
    public int Width { get; init; } = 768;

    /// <summary>The number of blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the hidden layer of each block's MLP as a multiple of the tokens' width.</summary>
    public double MlpRatio { get; init; } = 4;

    /// <summary>The activation of the blocks.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Epsilon of the layer norms: 1e-12 in Hugging Face's, 1e-6 in torchvision's.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>For tests and demonstrations.</summary>
    internal static VitTowerOptions Tiny { get; } =
        new()
        {
            PatchSize = 8,
            Width = 64,
            Layers = 2,
            Heads = 2,
        };

    /// <summary>For training from scratch on a CPU.</summary>
    internal static VitTowerOptions Small { get; } =
        new()
        {
            PatchSize = 16,
            Width = 192,
            Layers = 2,
            Heads = 6,
        };

    /// <inheritdoc/>
    internal override int Depth => Layers;

    /// <summary>The network's shape.</summary>
    internal VisionTransformerOptions Shape =>
        new()
        {
            PatchSize = PatchSize,
            Width = Width,
            Layers = Layers,
            Heads = Heads,
            MlpRatio = MlpRatio,
            PatchBias = true,
            NormBefore = false,
        };

    /// <summary>The tower with the shape of a published ViT.</summary>
    internal static VitTowerOptions Of(VitOptions vit) =>
        new()
        {
            PatchSize = vit.Image.PatchSize,
            Width = vit.Image.Width,
            Layers = vit.Image.Layers,
            Heads = vit.Image.Heads,
            MlpRatio = vit.Image.MlpRatio,
            Activation = vit.Activation,
            NormEpsilon = vit.NormEpsilon,
        };

    /// <inheritdoc/>
    internal override void Check(int imageSize)
    {
        Shape.Validate(imageSize);
        OptionException.Require("image.norm_epsilon", NormEpsilon, 1e-15, 1e-2, "it only keeps a norm from dividing by zero");
    }

    /// <inheritdoc/>
    internal override PictureTower Build(TowerSurroundings surroundings) =>
        new VitTower(
            new VisionTransformer(
                Shape,
                surroundings.Options.ImageSize,
                outputWidth: null,
                surroundings.Blocks with
                {
                    Activation = Activation,
                    NormEpsilon = NormEpsilon,
                }
            )
        );
}
