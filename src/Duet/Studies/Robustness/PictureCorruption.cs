// Spoils the pixels of a decoded picture.
using Duet.Data;
using Duet.Vision;

namespace Duet.Studies.Robustness;

/// <summary>Noise, blur, compression and occlusion on decoded RGB pictures, before they are prepared for a model.</summary>
public static class PictureCorruption
{
    private const byte Grey = 128;

    /// <summary>A damaged copy of a picture; the original where the corruption is none of pixels.</summary>
    /// <param name="image">The decoded picture.</param>
    /// <param name="corruption">What to do.</param>
    /// <param name="random">The product's own draws.</param>
    public static RgbImage Apply(RgbImage image, Corruption corruption, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(corruption);
        return corruption.Kind switch
        {
            CorruptionKind.GaussianNoise => Noise(image, 255 * corruption.Strength, ref random),
            CorruptionKind.Blur => Blur(image, corruption.Strength * Math.Min(image.Width, image.Height)),
            CorruptionKind.Jpeg => Compress(image, (int)corruption.Strength),
            CorruptionKind.Occlusion => Cover(image, corruption.Strength, ref random),
            _ => image,
        };
    }

    private static RgbImage Noise(RgbImage image, double deviation, ref CounterRandom random)
    {
        var pixels = new byte[image.Pixels.Length];
        GaussianNoise.Add(image.Pixels, deviation, ref random, pixels);
        return new RgbImage(image.Width, image.Height, pixels);
    }

    // Two passes, rows and columns; the border repeats its last pixel.
    private static RgbImage Blur(RgbImage image, double deviation)
    {
        var radius = Math.Max(1, (int)Math.Ceiling(3 * deviation));
        var weights = Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-x * x / (2 * deviation * deviation))).ToArray();
        var sum = weights.Sum();
        weights = Array.ConvertAll(weights, weight => weight / sum);
        var (width, height) = (image.Width, image.Height);
        var rows = new double[image.Pixels.Length];
        var result = new byte[image.Pixels.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var (y, x, channel) = (i / 3 / width, i / 3 % width, i % 3);
            for (var k = -radius; k <= radius; k++)
            {
                rows[i] += weights[k + radius] * image.Pixels[((((y * width) + Math.Clamp(x + k, 0, width - 1)) * 3) + channel)];
            }
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var (y, x, channel) = (i / 3 / width, i / 3 % width, i % 3);
            double value = 0;
            for (var k = -radius; k <= radius; k++)
            {
                value += weights[k + radius] * rows[(((Math.Clamp(y + k, 0, height - 1) * width) + x) * 3) + channel];
            }

            result[i] = byte.CreateSaturating(Math.Round(value));
        }

        return new RgbImage(width, height, result);
    }

    private static RgbImage Compress(RgbImage image, int quality) =>
        new ImageDecoder(limits: new DecodeLimits()).Decode(
            ImageEncoder.Encode(image, ImageFormat.Jpeg, quality),
            "the compressed picture"
        );

    private static RgbImage Cover(RgbImage image, double share, ref CounterRandom random)
    {
        var (width, height) = (image.Width, image.Height);
        var side = Math.Sqrt(share);
        var (boxWidth, boxHeight) = (
            Math.Clamp((int)Math.Round(width * side), 1, width),
            Math.Clamp((int)Math.Round(height * side), 1, height)
        );
        var (left, top) = (random.Next(width - boxWidth + 1), random.Next(height - boxHeight + 1));
        var pixels = (byte[])image.Pixels.Clone();
        for (var y = top; y < top + boxHeight; y++)
        {
            pixels.AsSpan(((y * width) + left) * 3, boxWidth * 3).Fill(Grey);
        }

        return new RgbImage(width, height, pixels);
    }
}
