// Resizing a picture in its own kind of pixels, by Pillow's rules for each kind.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>Resizes pictures in their own <see cref="PixelMode"/>: palettes and black-and-white by nearest neighbour whatever is
/// asked, alpha multiplied in before and divided out after, 16-bit grey as whole numbers.</summary>
public static class RasterResampler
{
    /// <summary>Resizes and keeps a window.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="window">The new size and which part of it to keep.</param>
    /// <param name="interpolation">The filter that is asked for.</param>
    public static RasterImage Resize(RasterImage image, ResizeWindow window, Interpolation interpolation)
    {
        ArgumentNullException.ThrowIfNull(image);
        var sameSize = image.Width == window.FullWidth && image.Height == window.FullHeight;
        if (image.Mode is PixelMode.Palette or PixelMode.Bilevel || sameSize)
        {
            interpolation = Interpolation.Nearest;
        }

        if (interpolation == Interpolation.Nearest)
        {
            var nearest = new byte[checked(window.Width * window.Height * image.BytesPerPixel)];
            NearestResampler.Resize(image.Samples, image.Width, image.Height, image.BytesPerPixel, window, nearest);
            return new(image.Mode, window.Width, window.Height, nearest, image.PaletteZero);
        }

        return image.Mode switch
        {
            PixelMode.Grey16 => Grey16(image, window, interpolation),
            PixelMode.GreyAlpha or PixelMode.Rgba => WithAlpha(image, window, interpolation),
            _ => Plain(image, image.Samples, window, interpolation),
        };
    }

    private static RasterImage Plain(RasterImage image, byte[] samples, ResizeWindow window, Interpolation interpolation) =>
        new(
            image.Mode,
            window.Width,
            window.Height,
            PillowResampler.Resize(samples, image.Width, image.Height, image.BytesPerPixel, window, interpolation)
        );

    private static RasterImage Grey16(RasterImage image, ResizeWindow window, Interpolation interpolation)
    {
        var whole = Grey16Resampler.Resize(
            MemoryMarshal.Cast<byte, ushort>(image.Samples),
            image.Width,
            image.Height,
            window,
            interpolation
        );
        var samples = new byte[whole.Length * 2];
        var words = MemoryMarshal.Cast<byte, ushort>(samples.AsSpan());
        for (var i = 0; i < whole.Length; i++)
        {
            words[i] = (ushort)Math.Clamp(whole[i], 0, ushort.MaxValue);
        }

        return new(PixelMode.Grey16, window.Width, window.Height, samples);
    }

    private static RasterImage WithAlpha(RasterImage image, ResizeWindow window, Interpolation interpolation)
    {
        var step = image.BytesPerPixel;
        var multiplied = (byte[])image.Samples.Clone();
        for (var at = 0; at < multiplied.Length; at += step)
        {
            var alpha = multiplied[at + step - 1];
            for (var band = 0; band < step - 1; band++)
            {
                multiplied[at + band] = (byte)Fixed8.Multiply(multiplied[at + band], alpha);
            }
        }

        var result = Plain(image, multiplied, window, interpolation);
        for (var at = 0; at < result.Samples.Length; at += step)
        {
            var alpha = result.Samples[at + step - 1];
            for (var band = 0; band < step - 1 && alpha is not (0 or 255); band++)
            {
                result.Samples[at + band] = (byte)Math.Min(255 * result.Samples[at + band] / alpha, 255);
            }
        }

        return result;
    }
}
