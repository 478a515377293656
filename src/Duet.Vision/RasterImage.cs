// A decoded picture in the kind of pixels its file holds: the input of preprocessing that must match published results.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>A decoded picture in its own <see cref="PixelMode"/>, row-major and interleaved (<c>[H, W, Bands]</c>).</summary>
/// <remarks>Published recipes resize before they convert to RGB, so palettes, inks and alpha take part in the resize. Where
/// that does not matter, <see cref="RgbImage"/> is the simpler type.</remarks>
public sealed class RasterImage
{
    /// <summary>Wraps <paramref name="samples"/> without copying.</summary>
    /// <param name="mode">What the samples mean.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="samples"><c>height * width * BytesPerPixel</c> bytes.</param>
    /// <param name="paletteZero">The palette's first colour; used for padding, and only by palette pictures.</param>
    /// <exception cref="ArgumentException">The array's length does not fit the size.</exception>
    public RasterImage(PixelMode mode, int width, int height, byte[] samples, Rgb24 paletteZero = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var expected = (long)width * height * BytesIn(mode);
        if (samples.Length != expected)
        {
            throw new ArgumentException(
                $"A {width} x {height} {mode} picture has {expected} bytes, not {samples.Length}.",
                nameof(samples)
            );
        }

        (Mode, Width, Height, Samples, PaletteZero) = (mode, width, height, samples, paletteZero);
    }

    /// <summary>What the samples mean.</summary>
    public PixelMode Mode { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The samples, <c>[H, W, BytesPerPixel]</c>.</summary>
    public byte[] Samples { get; }

    /// <summary>The first colour of the palette of a palette picture.</summary>
    public Rgb24 PaletteZero { get; }

    /// <summary>Bytes of one pixel: 1 to 4.</summary>
    public int BytesPerPixel => BytesIn(Mode);

    /// <summary>The bytes one pixel takes in <paramref name="mode"/>.</summary>
    /// <param name="mode">A pixel mode.</param>
    public static int BytesIn(PixelMode mode) =>
        mode switch
        {
            PixelMode.Bilevel or PixelMode.Grey => 1,
            PixelMode.Grey16 or PixelMode.GreyAlpha => 2,
            PixelMode.Palette or PixelMode.Rgb => 3,
            PixelMode.Rgba or PixelMode.Cmyk => 4,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a pixel mode."),
        };

    /// <summary>Converts for looking at: 16-bit grey keeps its upper byte, alpha is laid over
    /// <paramref name="background"/> or, without one, dropped. RGB and palette pictures share their array.</summary>
    /// <param name="background">The colour behind transparent pixels; null drops alpha, as the published recipes do.</param>
    public RgbImage ToRgb(Rgb24? background = null) => new(Width, Height, Convert(clip16: false, background));

    /// <summary>Converts by Pillow's rules, which the published recipes inherit: alpha is dropped and 16-bit grey is cut off
    /// at 255 (not scaled, so that most such pictures come out white).</summary>
    public RgbImage ToRgbLikePillow() => new(Width, Height, Convert(clip16: true, background: null));

    private byte[] Convert(bool clip16, Rgb24? background)
    {
        if (Mode is PixelMode.Rgb or PixelMode.Palette)
        {
            return Samples;
        }

        var rgb = GC.AllocateUninitializedArray<byte>(checked(Width * Height * 3));
        switch (Mode)
        {
            case PixelMode.Cmyk:
                FromCmyk(Samples, rgb);
                break;
            case PixelMode.Grey16:
                FromGrey16(MemoryMarshal.Cast<byte, ushort>(Samples), rgb, clip16);
                break;
            case PixelMode.GreyAlpha or PixelMode.Rgba when background is { } colour:
                FromAlpha(Samples, BytesPerPixel, rgb, colour);
                break;
            case PixelMode.Rgba:
                for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
                {
                    (rgb[to], rgb[to + 1], rgb[to + 2]) = (Samples[from], Samples[from + 1], Samples[from + 2]);
                }

                break;
            default:
                var step = BytesPerPixel;
                for (int from = 0, to = 0; to < rgb.Length; from += step, to += 3)
                {
                    rgb[to] = rgb[to + 1] = rgb[to + 2] = Samples[from];
                }

                break;
        }

        return rgb;
    }

    private static void FromCmyk(byte[] samples, byte[] rgb)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            var paper = 255 - samples[from + 3];
            rgb[to] = (byte)(paper - Fixed8.Multiply(samples[from], paper));
            rgb[to + 1] = (byte)(paper - Fixed8.Multiply(samples[from + 1], paper));
            rgb[to + 2] = (byte)(paper - Fixed8.Multiply(samples[from + 2], paper));
        }
    }

    private static void FromGrey16(ReadOnlySpan<ushort> samples, byte[] rgb, bool clip)
    {
        for (int i = 0, to = 0; i < samples.Length; i++, to += 3)
        {
            rgb[to] = rgb[to + 1] = rgb[to + 2] = (byte)(clip ? Math.Min(samples[i], (ushort)255) : samples[i] >> 8);
        }
    }

    private static void FromAlpha(byte[] samples, int step, byte[] rgb, Rgb24 background)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += step, to += 3)
        {
            int alpha = samples[from + step - 1],
                rest = 255 - alpha;
            var (green, blue) = step == 2 ? (samples[from], samples[from]) : (samples[from + 1], samples[from + 2]);
            rgb[to] = Fixed8.Blend(samples[from], alpha, background.R, rest);
            rgb[to + 1] = Fixed8.Blend(green, alpha, background.G, rest);
            rgb[to + 2] = Fixed8.Blend(blue, alpha, background.B, rest);
        }
    }
}
