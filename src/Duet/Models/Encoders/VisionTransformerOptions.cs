// The settings of CLIP's picture tower.
namespace Duet.Models.Encoders;

/// <summary>The shape of a vision transformer.</summary>
public sealed record VisionTransformerOptions
{
    /// <summary>Side of a square patch, in pixels; divides the picture's side.</summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Width of the tokens.</summary>
    public int Width { get; init; } = 768;

    /// <summary>The number of blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>How pixels become patch embeddings.</summary>
    public PatchStem Stem { get; init; } = PatchStem.Linear;

    /// <summary>Checks every setting against the picture's side.</summary>
    /// <exception cref="OptionException">One is outside its range.</exception>
    public void Validate(int imageSize)
    {
        OptionException.Require("image.patch_size", PatchSize, 1, imageSize, "a patch is a part of the picture");
        OptionException.Require(imageSize % PatchSize == 0, $"image_size {imageSize} is no multiple of image.patch_size {PatchSize}.");
        OptionException.Require("image.layers", Layers, 0, 128, "there are no deeper published towers");
        OptionException.Require("image.width", Width, 8, 16384, "there are no wider published towers");
        OptionException.Require(Heads >= 1 && Width % Heads == 0, $"image.width {Width} is no multiple of image.heads {Heads}.");
        OptionException.Require(
            Stem == PatchStem.Linear || (int.IsPow2(PatchSize) && PatchSize >= 2 && Width >> (int.Log2(PatchSize) - 1) >= 4),
            $"a convolutional stem halves the picture at each step: image.patch_size {PatchSize} must be a power of two and small against image.width {Width}.");
    }
}
