// A part of a picture, in fractions of pixels.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>A rectangle in a picture; it may reach beyond the edges.</summary>
/// <param name="Left">Left edge in pixels.</param>
/// <param name="Top">Upper edge in pixels.</param>
/// <param name="Width">Width in pixels, above 0.</param>
/// <param name="Height">Height in pixels, above 0.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CropBox(double Left, double Top, double Width, double Height)
{
    private const int Attempts = 10;

    public static CropBox CentreSquare(int width, int height)
    {
        var side = Math.Min(width, height);
        return new((width - side) / 2.0, (height - side) / 2.0, side, side);
    }

    /// <summary>A random part with the given share of the area and shape; the largest centred one of the nearest allowed shape
    /// where none fits after ten attempts (torchvision's RandomResizedCrop, in fractions of pixels).</summary>
    public static CropBox Random(int width, int height, Interval scale, Interval ratio, ref CounterRandom random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = random.Next(scale.Low, scale.High) * width * height;
            var shape = Math.Exp(random.Next(Math.Log(ratio.Low), Math.Log(ratio.High)));
            var (cropWidth, cropHeight) = (Math.Sqrt(area * shape), Math.Sqrt(area / shape));
            if (cropWidth <= width && cropHeight <= height)
            {
                return new(random.NextDouble() * (width - cropWidth), random.NextDouble() * (height - cropHeight), cropWidth, cropHeight);
            }
        }

        var w = Math.Min(width, height * ratio.High);
        var h = Math.Min(height, width / ratio.Low);
        return new((width - w) / 2, (height - h) / 2, w, h);
    }

    public CropBox Shifted(double most, ref CounterRandom random) =>
        this with
        {
            Left = Left + Width * random.Next(-most, most),
            Top = Top + Height * random.Next(-most, most),
        };
}
