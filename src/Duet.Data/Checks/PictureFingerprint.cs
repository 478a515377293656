// What a check keeps of a picture.
using System.Numerics;
using Duet.Vision;

namespace Duet.Data.Checks;

/// <summary>A picture's content hash, its perceptual hash, and small versions of it.</summary>
internal sealed record PictureFingerprint
{
    /// <summary>Pictures are decoded no larger than needed for the small versions.</summary>
    public const int DecodedSide = 64;

    /// <summary>Side of the grey version.</summary>
    public const int GreySide = 16;

    private const int ColorSide = 4;
    private const int EdgeSide = 32;
    private const int TextureSide = 64;
    private const int Cells = 4;
    private const int Directions = 8;

    // Below this many levels between darkest and lightest, a picture shows nothing that could be compared.
    private const int LeastContrast = 12;

    /// <summary>A picture that nothing is known of but what identifies its content.</summary>
    public PictureFingerprint(byte[] content) => Content = content;

    /// <summary>SHA-256 of the content.</summary>
    public byte[] Content { get; }

    /// <summary>The difference hash: per pixel of a 9 x 8 grey version whether it is darker than its right neighbour.</summary>
    public ulong Hash { get; init; }

    /// <summary>The picture in grey, <c>[16, 16]</c>.</summary>
    public byte[] Grey { get; init; } = [];

    /// <summary>The picture in colour, <c>[4, 4, 3]</c>.</summary>
    public byte[] Color { get; init; } = [];

    /// <summary>Gradient directions in 4 x 4 cells, <c>[4, 4, 8]</c>, each cell's share of its own sum (Dalal and Triggs, 2005, without
    /// overlap).</summary>
    public float[] Edges { get; private init; } = [];

    /// <summary>Shares of uniform local binary patterns in the picture at 64 and 32 pixels a side, <c>[2, 59]</c>.</summary>
    public float[] Texture { get; private init; } = [];

    /// <summary>Whether the picture shows enough to be compared by its looks.</summary>
    public bool IsTelling { get; init; }

    /// <summary>Decodes a picture.</summary>
    /// <exception cref="ImageDecodeException">The picture is missing, refused or damaged.</exception>
    public static PictureFingerprint Of(ImageDecoder decoder, string path)
    {
        var content = decoder.HashContent(path);
        var image = decoder.Decode(path);
        var grey = Luminance(PillowResampler.Resize(image, GreySide, GreySide, Interpolation.Bilinear));
        var small = Luminance(PillowResampler.Resize(image, EdgeSide, EdgeSide, Interpolation.Bilinear));
        return new PictureFingerprint(content)
        {
            Hash = DifferenceHash(Luminance(PillowResampler.Resize(image, 9, 8, Interpolation.Bilinear))),
            Grey = grey,
            Color = PillowResampler.Resize(image, ColorSide, ColorSide, Interpolation.Bilinear).Pixels,
            Edges = EdgeHistograms(small),
            Texture =
            [
                .. BinaryPatterns.Histogram(
                    Luminance(PillowResampler.Resize(image, TextureSide, TextureSide, Interpolation.Bilinear)),
                    TextureSide
                ),
                .. BinaryPatterns.Histogram(small, EdgeSide),
            ],
            IsTelling = grey.Max() - grey.Min() >= LeastContrast,
        };
    }

    /// <summary>Whether two pictures show the same photo.</summary>
    public bool LooksLike(PictureFingerprint other, int mostBits, double mostDifference) =>
        BitOperations.PopCount(Hash ^ other.Hash) <= mostBits
        && Difference(Grey, other.Grey) <= mostDifference
        && LargestDifference(Color, other.Color) <= 4 * mostDifference;

    private static double Difference(byte[] a, byte[] b)
    {
        // Overall brightness may differ: shops turn it up.
        var shift = a.Average(value => (double)value) - b.Average(value => (double)value);
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i] - Math.Clamp(shift, -12, 12));
        }

        return sum / a.Length;
    }

    // The same garment in another colour differs where the garment is, however white the rest.
    private static double LargestDifference(byte[] a, byte[] b)
    {
        var largest = 0;
        for (var i = 0; i < a.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return largest;
    }

    private static byte[] Luminance(RgbImage image)
    {
        var grey = new byte[image.Width * image.Height];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = image.Pixels.AsSpan(3 * i, 3);
            grey[i] = (byte)(((299 * pixel[0]) + (587 * pixel[1]) + (114 * pixel[2]) + 500) / 1000);
        }

        return grey;
    }

    private static ulong DifferenceHash(byte[] grey)
    {
        var hash = 0UL;
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                hash = (hash << 1) | (grey[(y * 9) + x] < grey[(y * 9) + x + 1] ? 1UL : 0);
            }
        }

        return hash;
    }

    private static float[] EdgeHistograms(byte[] grey)
    {
        var histogram = new float[Cells * Cells * Directions];
        for (var y = 1; y < EdgeSide - 1; y++)
        {
            for (var x = 1; x < EdgeSide - 1; x++)
            {
                var dx = grey[(y * EdgeSide) + x + 1] - grey[(y * EdgeSide) + x - 1];
                var dy = grey[((y + 1) * EdgeSide) + x] - grey[((y - 1) * EdgeSide) + x];
                var angle = (Math.Atan2(dy, dx) / Math.PI) + 1;
                var direction = (int)(angle * Directions) % Directions;
                var cell = (y * Cells / EdgeSide * Cells) + (x * Cells / EdgeSide);
                histogram[(cell * Directions) + direction] += MathF.Sqrt((dx * dx) + (dy * dy));
            }
        }

        for (var cell = 0; cell < Cells * Cells; cell++)
        {
            var part = histogram.AsSpan(cell * Directions, Directions);
            var sum = 8f;
            foreach (var value in part)
            {
                sum += value;
            }

            foreach (ref var value in part)
            {
                value /= sum;
            }
        }

        return histogram;
    }
}
