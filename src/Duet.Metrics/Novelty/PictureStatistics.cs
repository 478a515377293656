// What kind of picture a picture is, whatever it shows: contrast, sharpness at three scales, colour.
namespace Duet.Metrics.Novelty;

/// <summary>
/// Statistics of pixels that separate photographs of one catalog from noise, plain colours, drawings and much smaller pictures. The
/// distance of such statistics from those of good pictures measures quality without a reference picture (NIQE, Mittal, Soundararajan and
/// Bovik 2013); here the good pictures are the catalogue's. They see what embeddings may miss: a network maps much that it has never seen
/// to the middle of what it knows.
/// </summary>
public static class PictureStatistics
{
    /// <summary>How many statistics a picture has, D.</summary>
    public const int Count = (3 * Scales) + 4;

    private const int Scales = 3;

    // Below this many gray levels a difference is rounding of the decoder's, not detail.
    private const double Least = 0.3;

    /// <summary>The statistics of a picture.</summary>
    /// <param name="pixels"><c>[3, S, S]</c>, RGB planes, 0 to 255.</param>
    /// <param name="side">S, at least 1.</param>
    /// <returns><c>[D]</c>: per scale the logarithms of the mean horizontal, vertical and second differences of the gray picture; mean and
    /// standard deviation of all values; the logarithms of the mean colourfulness and of its differences.</returns>
    public static float[] Of(ReadOnlySpan<byte> pixels, int side)
    {
        var plane = side * side;
        var gray = new float[plane];
        double sum = 0,
            squares = 0,
            color = 0,
            colorDifferences = 0;
        for (var i = 0; i < plane; i++)
        {
            float red = pixels[i],
                green = pixels[plane + i],
                blue = pixels[(2 * plane) + i];
            gray[i] = (red + green + blue) / 3;
            sum += red + green + blue;
            squares += (red * red) + (green * green) + (blue * blue);
            color += Math.Abs(red - gray[i]) + Math.Abs(green - gray[i]) + Math.Abs(blue - gray[i]);
            if (i % side > 0)
            {
                for (var band = 0; band < 3; band++)
                {
                    colorDifferences += Math.Abs(pixels[(band * plane) + i] - gray[i] - (pixels[(band * plane) + i - 1] - gray[i - 1]));
                }
            }
        }

        var mean = sum / (3 * plane);
        var statistics = new List<float>(Count);
        for (var scale = 0; scale < Scales; scale++)
        {
            if (scale > 0)
            {
                (gray, side) = Halve(gray, side);
            }

            statistics.AddRange(Sharpness(gray, side));
        }

        // Of the size of the logarithms, so that none of them counts for nothing where variances are floored.
        statistics.Add((float)(mean / 50));
        statistics.Add((float)(Math.Sqrt(Math.Max(0, (squares / (3 * plane)) - (mean * mean))) / 30));
        statistics.Add((float)Math.Log((color / (3 * plane)) + 1));
        statistics.Add((float)Math.Log((colorDifferences / (3 * plane)) + Least));
        return [.. statistics];
    }

    private static float[] Sharpness(float[] gray, int side)
    {
        double horizontal = 0,
            vertical = 0,
            second = 0;
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var at = (y * side) + x;
                horizontal += x > 0 ? Math.Abs(gray[at] - gray[at - 1]) : 0;
                vertical += y > 0 ? Math.Abs(gray[at] - gray[at - side]) : 0;
                second +=
                    x > 0 && y > 0 && x < side - 1 && y < side - 1
                        ? Math.Abs((4 * gray[at]) - gray[at - 1] - gray[at + 1] - gray[at - side] - gray[at + side])
                        : 0;
            }
        }

        var (pairs, inner) = (Math.Max(1, side * (side - 1)), Math.Max(1, (side - 2) * (side - 2)));
        return
        [
            (float)Math.Log((horizontal / pairs) + Least),
            (float)Math.Log((vertical / pairs) + Least),
            (float)Math.Log((second / inner) + Least),
        ];
    }

    private static (float[] Gray, int Side) Halve(float[] gray, int side)
    {
        var half = Math.Max(1, side / 2);
        var halved = new float[half * half];
        for (var y = 0; y < half; y++)
        {
            for (var x = 0; x < half; x++)
            {
                var (top, left) = (Math.Min(2 * y, side - 1), Math.Min(2 * x, side - 1));
                var (bottom, right) = (Math.Min(top + 1, side - 1), Math.Min(left + 1, side - 1));
                halved[(y * half) + x] =
                    (gray[(top * side) + left] + gray[(top * side) + right] + gray[(bottom * side) + left] + gray[(bottom * side) + right])
                    / 4;
            }
        }

        return (halved, half);
    }
}
