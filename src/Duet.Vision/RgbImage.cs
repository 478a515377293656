// A decoded picture in memory: what decoders give and resamplers, augmentations and loaders take.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>A decoded picture: 8-bit RGB, row-major, interleaved (<c>[H, W, 3]</c>), not yet normalised.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps <paramref name="pixels"/> without copying.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels"><c>height * width * 3</c> bytes, <c>[H, W, 3]</c>.</param>
    /// <exception cref="ArgumentException">The array's length does not fit the size.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"A {width} x {height} RGB picture has {(long)width * height * 3} bytes, not {pixels.Length}.",
                nameof(pixels)
            );
        }

        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The bytes, <c>[H, W, 3]</c>.</summary>
    public byte[] Pixels { get; }
}

/// <summary>One 8-bit RGB colour.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Rgb24(byte R, byte G, byte B)
{
    /// <summary>White.</summary>
    public static Rgb24 White => new(255, 255, 255);

    /// <summary>Black.</summary>
    public static Rgb24 Black => default;
}
