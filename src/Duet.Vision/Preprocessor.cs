// Carries out a preprocessing recipe.
namespace Duet.Vision;

/// <summary>Turns decoded pictures into model input by an <see cref="ImagePreprocessing"/>. Safe to use from many threads.</summary>
public sealed class Preprocessor
{
    private readonly float[] _normalised = new float[3 * 256];

    /// <summary>Makes a preprocessor.</summary>
    /// <param name="recipe">What to do.</param>
    public Preprocessor(ImagePreprocessing recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Recipe = recipe;
        for (var i = 0; i < _normalised.Length; i++)
        {
            _normalised[i] = (i % 256 / 255f - recipe.Mean[i / 256]) / recipe.Deviation[i / 256];
        }
    }

    /// <summary>The recipe.</summary>
    public ImagePreprocessing Recipe { get; }

    /// <summary>Bytes of one prepared picture: <c>3 * Size * Size</c>.</summary>
    public int Length => 3 * Recipe.Size * Recipe.Size;

    /// <summary>The exact way: resizes the picture in its own kind of pixels where the recipe does.</summary>
    /// <param name="image">A picture from <see cref="ImageDecoder.DecodeRaster(string)"/>.</param>
    /// <returns><c>[3, Size, Size]</c>, not yet normalised.</returns>
    public byte[] ToRgb8(RasterImage image)
    {
        var result = new byte[Length];
        ToRgb8(image, result);
        return result;
    }

    /// <summary>The exact way, into memory of the caller.</summary>
    /// <param name="image">A picture from <see cref="ImageDecoder.DecodeRaster(string)"/>.</param>
    /// <param name="destination"><see cref="Length"/> bytes, <c>[3, Size, Size]</c>.</param>
    public void ToRgb8(RasterImage image, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (destination.Length != Length)
        {
            throw new ArgumentException($"A prepared picture has {Length} bytes, not {destination.Length}.", nameof(destination));
        }

        if (Recipe.RgbFirst && image.Mode != PixelMode.Rgb)
        {
            var rgb = image.ToRgbLikePillow();
            image = new(PixelMode.Rgb, rgb.Width, rgb.Height, rgb.Pixels);
        }

        var (width, height) = ResizedSize(image.Width, image.Height);
        var window = CentreOf(width, height);
        var square = RasterResampler.Resize(image, window, Recipe.Interpolation);
        Place(square.ToRgbLikePillow(), PaddingColour(image), Padding(width), Padding(height), destination);
    }

    /// <summary>For pictures that are RGB already.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="destination"><see cref="Length"/> bytes, <c>[3, Size, Size]</c>.</param>
    public void ToRgb8(RgbImage image, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ToRgb8(new RasterImage(PixelMode.Rgb, image.Width, image.Height, image.Pixels), destination);
    }

    /// <summary>For pictures that are RGB already.</summary>
    /// <param name="image">The picture.</param>
    /// <returns><c>[3, Size, Size]</c>, not yet normalised.</returns>
    public byte[] ToRgb8(RgbImage image)
    {
        var result = new byte[Length];
        ToRgb8(image, result);
        return result;
    }

    /// <summary>Scales bytes to 0..1, subtracts the mean and divides by the deviation, in single precision.</summary>
    /// <param name="pixels"><c>[N, 3, S, S]</c> for any N and S; the length is a multiple of three equal planes.</param>
    /// <param name="planeLength">Bytes of one plane, <c>S * S</c>.</param>
    /// <param name="destination">As many floats as there are bytes.</param>
    public void Normalise(ReadOnlySpan<byte> pixels, int planeLength, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(planeLength, 1);
        if (pixels.Length != destination.Length || pixels.Length % (planeLength * 3) != 0)
        {
            throw new ArgumentException(
                $"{pixels.Length} bytes and {destination.Length} floats are not the same whole number of pictures of 3 x {planeLength}.",
                nameof(destination)
            );
        }

        for (var start = 0; start < pixels.Length; start += planeLength)
        {
            var table = _normalised.AsSpan(start / planeLength % 3 * 256, 256);
            var from = pixels.Slice(start, planeLength);
            var to = destination.Slice(start, planeLength);
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = table[from[i]];
            }
        }
    }

    /// <summary>How many times larger a picture becomes: 1 where it is not enlarged. Enlarged pictures lack the detail that others
    /// have.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    public float Enlargement(int width, int height)
    {
        var (toWidth, toHeight) = ResizedSize(width, height);
        return Math.Max(1, Math.Max((float)toWidth / width, (float)toHeight / height));
    }

    private (int Width, int Height) ResizedSize(int width, int height)
    {
        var size = Recipe.ResizeTo == 0 ? Recipe.Size : Recipe.ResizeTo;
        switch (Recipe.Resize)
        {
            case ResizeMode.Shortest:
                return width <= height
                    ? (size, (int)((double)((long)size * height) / width))
                    : ((int)((double)((long)size * width) / height), size);
            case ResizeMode.Longest:
                var ratio = Math.Max((double)width / size, (double)height / size);
                return (AtLeastOne(width / ratio), AtLeastOne(height / ratio));
            case ResizeMode.Squash:
                return (size, size);
            default:
                return (width, height);
        }
    }

    private static int AtLeastOne(double side) => Math.Max((int)Math.Round(side, MidpointRounding.ToEven), 1);

    private ResizeWindow CentreOf(int width, int height)
    {
        int inWidth = Math.Min(width, Recipe.Size),
            inHeight = Math.Min(height, Recipe.Size);
        return new(width, height, CropStart(width - inWidth), CropStart(height - inHeight), inWidth, inHeight);
    }

    private static int CropStart(int surplus) => (int)Math.Round(surplus / 2.0, MidpointRounding.ToEven);

    /// <summary>Padding before the picture; the other side gets the odd pixel.</summary>
    private int Padding(int side) => side < Recipe.Size ? (Recipe.Size - side) / 2 : 0;

    // Padding happens in the picture's own kind of pixels: index 0 of a palette, no ink on paper.
    private Rgb24 PaddingColour(RasterImage image)
    {
        var fill = (byte)Recipe.Fill;
        return image.Mode switch
        {
            PixelMode.Palette => image.PaletteZero,
            PixelMode.Cmyk => new RasterImage(PixelMode.Cmyk, 1, 1, [fill, fill, fill, fill]).ToRgb().Pixels is var ink
                ? new(ink[0], ink[1], ink[2])
                : default,
            _ => new(fill, fill, fill),
        };
    }

    private void Place(RgbImage image, Rgb24 padding, int left, int top, Span<byte> destination)
    {
        var plane = Recipe.Size * Recipe.Size;
        if (image.Width < Recipe.Size || image.Height < Recipe.Size)
        {
            destination[..plane].Fill(padding.R);
            destination.Slice(plane, plane).Fill(padding.G);
            destination[(2 * plane)..].Fill(padding.B);
        }

        Span<byte> red = destination[..plane],
            green = destination.Slice(plane, plane),
            blue = destination[(2 * plane)..];
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3);
            var to = (y + top) * Recipe.Size + left;
            for (var x = 0; x < image.Width; x++, to++)
            {
                (red[to], green[to], blue[to]) = (row[x * 3], row[x * 3 + 1], row[x * 3 + 2]);
            }
        }
    }
}
