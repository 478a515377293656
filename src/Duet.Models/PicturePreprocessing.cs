// A model's own way of preparing pictures, saved with its options.
using Duet.Vision;

namespace Duet.Models;

/// <summary>
/// From a decoded picture to the square the model sees, in bytes; size and colour constants are in <see cref="ModelOptions"/>. The default
/// is CLIP's recipe (openai/CLIP, clip.py): shorter side bicubic, centre crop. Models that start from published weights take those weights'
/// recipe.
/// </summary>
public sealed record PicturePreprocessing
{
    /// <summary>Exact or fast.</summary>
    public PreprocessingMode Mode { get; init; } = PreprocessingMode.Fast;

    /// <summary>What is resized: the shorter side, the longer one, or both.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Shortest;

    /// <summary>The filter.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bicubic;

    /// <summary>The model's square as a part of what the picture is resized to: 0.875 for 224 of 256 pixels.</summary>
    public double CropFraction { get; init; } = 1;

    /// <summary>Whether pictures become RGB before (Hugging Face, torchvision) or after they are resized (OpenAI, open_clip).</summary>
    public bool RgbFirst { get; init; }

    /// <summary>The recipe for a model's size. Its colour constants are left out: they are applied where batches become tensors.</summary>
    /// <param name="options">The model's settings.</param>
    public static ImagePreprocessing Of(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (recipe, size) = (options.Preprocessing, options.ImageSize);
        return new ImagePreprocessing
        {
            Size = size,
            ResizeTo = recipe.CropFraction < 1 ? (int)(size / recipe.CropFraction) : 0,
            Resize = recipe.Resize,
            Interpolation = recipe.Interpolation,
            RgbFirst = recipe.RgbFirst,
        };
    }

    /// <summary>Checks every setting.</summary>
    /// <param name="imageSize">Side of the model's square.</param>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate(int imageSize)
    {
        OptionException.Require(Enum.IsDefined(Mode), $"preprocessing.mode {Mode} is unknown; there are fast and exact.");
        OptionException.Require(
            Enum.IsDefined(Resize),
            $"preprocessing.resize {Resize} is unknown; there are shortest, longest, squash and none."
        );
        OptionException.Require(
            Enum.IsDefined(Interpolation),
            $"preprocessing.interpolation {Interpolation} is unknown; there are nearest, box, bilinear and bicubic."
        );
        OptionException.Require(
            "preprocessing.crop_fraction",
            CropFraction,
            0.125,
            1,
            "it is the part of the resized picture that the model sees"
        );
        OptionException.Require(
            imageSize / CropFraction <= 8192,
            $"preprocessing.crop_fraction {CropFraction} makes pictures of {imageSize / CropFraction:0} pixels before the crop; at "
                + $"most 8192."
        );
    }
}
