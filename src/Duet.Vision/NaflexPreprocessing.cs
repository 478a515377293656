// SigLIP 2's pictures of any shape: as many whole patches as fit a budget, in the picture's own proportions.
namespace Duet.Vision;

/// <summary>
/// The preparation of SigLIP 2's models of variable resolution (NaFlex; arXiv 2502.14786, section 2.4; Hugging Face's
/// image_processing_siglip2.py): a picture keeps its proportions and is scaled until its patches come close to a number. Small pictures are
/// enlarged.
/// </summary>
public sealed record NaflexPreprocessing
{
    private const double Smallest = 1e-6;
    private const double Largest = 100;
    private const double Precision = 1e-5;

    /// <summary>Side of a patch in pixels, at least 1.</summary>
    public int PatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A patch has a pixel at least.");
    } = 16;

    /// <summary>The most patches of a picture, at least 1.</summary>
    public int MaxPatches
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A picture has a patch at least.");
    } = 256;

    /// <summary>The size to which a picture is brought, in whole patches.</summary>
    /// <param name="height">The picture's height in pixels, at least 1.</param>
    /// <param name="width">The picture's width in pixels, at least 1.</param>
    /// <returns>Height and width in pixels. An extreme shape may have more patches than <see cref="MaxPatches"/>: a row or column is never
    /// given up.</returns>
    public (int Height, int Width) TargetSize(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var (low, high) = (Smallest, Largest);
        while (high - low >= Precision)
        {
            var scale = (low + high) / 2;
            if (Patches(height, scale) * (long)Patches(width, scale) <= MaxPatches)
            {
                low = scale;
            }
            else
            {
                high = scale;
            }
        }

        return (Patches(height, low) * PatchSize, Patches(width, low) * PatchSize);
    }

    /// <summary>The picture at its size, resized bilinearly as Pillow does it.</summary>
    /// <param name="image">An RGB picture.</param>
    public RgbImage Resize(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (height, width) = TargetSize(image.Height, image.Width);
        return PillowResampler.Resize(image, width, height, Interpolation.Bilinear);
    }

    /// <summary>Cuts a picture whose sides are whole patches: row by row, each patch flattened by row, column and channel.</summary>
    /// <param name="image">A picture from <see cref="Resize"/>.</param>
    /// <returns><c>[rows, columns, PatchSize, PatchSize, 3]</c>.</returns>
    /// <exception cref="ArgumentException">A side is not a multiple of <see cref="PatchSize"/>.</exception>
    public byte[] Cut(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Width % PatchSize != 0 || image.Height % PatchSize != 0)
        {
            throw new ArgumentException($"{image.Width} x {image.Height} pixels are not whole patches of {PatchSize}.", nameof(image));
        }

        var result = new byte[image.Pixels.Length];
        var (rows, columns, length) = (image.Height / PatchSize, image.Width / PatchSize, 3 * PatchSize);
        var to = 0;
        for (var patch = 0; patch < rows * columns; patch++)
        {
            for (var line = 0; line < PatchSize; line++, to += length)
            {
                var from = (((patch / columns * PatchSize) + line) * image.Width) + (patch % columns * PatchSize);
                image.Pixels.AsSpan(3 * from, length).CopyTo(result.AsSpan(to));
            }
        }

        return result;
    }

    private int Patches(int side, double scale) => Math.Max(1, (int)Math.Ceiling(side * scale / PatchSize));
}
