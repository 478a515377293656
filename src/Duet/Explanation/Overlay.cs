// Scores drawn over a picture.
using Duet.Vision;

namespace Duet.Explanation;

/// <summary>
/// Lays scores over a picture in the colours of viridis (Smith and van der Walt, matplotlib, CC0), which are perceptually uniform and can
/// be distinguished with all common kinds of colour vision and in grey.
/// </summary>
public static class Overlay
{
    /// <summary>What the colours mean.</summary>
    public const string Legend =
        "viridis: dark violet is 0 or below (no support), green half of the picture's highest score, yellow its highest score; the "
        + "picture itself is in grey";

    private const double Cover = 0.6;

    // Every tenth of the colour map, from 0 to 1.
    private static readonly Rgb24[] Colours =
    [
        new(68, 1, 84),
        new(72, 36, 117),
        new(65, 68, 135),
        new(53, 95, 141),
        new(42, 120, 142),
        new(33, 145, 140),
        new(34, 168, 132),
        new(68, 191, 112),
        new(122, 209, 81),
        new(189, 223, 38),
        new(253, 231, 37),
    ];

    /// <summary>The colour of a value.</summary>
    /// <param name="value">From 0 to 1; what lies outside gets the nearest end's colour.</param>
    public static Rgb24 Colour(double value)
    {
        var place = Math.Clamp(double.IsNaN(value) ? 0 : value, 0, 1) * (Colours.Length - 1);
        var (low, share) = (Math.Min((int)place, Colours.Length - 2), place - Math.Min((int)place, Colours.Length - 2));
        var (from, to) = (Colours[low], Colours[low + 1]);
        byte Between(byte a, byte b) => (byte)Math.Round(a + ((b - a) * share));
        return new Rgb24(Between(from.R, to.R), Between(from.G, to.G), Between(from.B, to.B));
    }

    /// <summary>Draws.</summary>
    /// <param name="picture">The square picture that the model saw.</param>
    /// <param name="scores">The scores; negative ones are drawn as 0, the highest gets the last colour.</param>
    /// <param name="side">Side of the result in pixels, 16 to 4096; scores are interpolated between the middles of cells.</param>
    public static RgbImage Draw(RgbImage picture, PatchGrid scores, int side = 384)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, 4096);
        var large = PillowResampler.Resize(picture, side, side, Interpolation.Bicubic).Pixels;
        var highest = Math.Max(scores.Scores.Max(), double.Epsilon);
        var pixels = new byte[side * side * 3];
        for (var i = 0; i < side * side; i++)
        {
            var value = At(scores, (i / side + 0.5) / side, (i % side + 0.5) / side) / highest;
            var grey = (0.299 * large[i * 3]) + (0.587 * large[(i * 3) + 1]) + (0.114 * large[(i * 3) + 2]);
            var colour = Colour(value);
            pixels[i * 3] = Mixed(colour.R, grey);
            pixels[(i * 3) + 1] = Mixed(colour.G, grey);
            pixels[(i * 3) + 2] = Mixed(colour.B, grey);
        }

        return new RgbImage(side, side, pixels);
    }

    private static byte Mixed(byte colour, double grey) => (byte)Math.Round((Cover * colour) + ((1 - Cover) * grey));

    // Bilinear between the middles of cells; y and x are shares of height and width.
    private static double At(PatchGrid grid, double y, double x)
    {
        var (row, column) = (
            Math.Clamp((y * grid.Rows) - 0.5, 0, grid.Rows - 1),
            Math.Clamp((x * grid.Columns) - 0.5, 0, grid.Columns - 1)
        );
        var (top, left) = ((int)row, (int)column);
        var (bottom, right) = (Math.Min(top + 1, grid.Rows - 1), Math.Min(left + 1, grid.Columns - 1));
        double Score(int r, int c) => Math.Max(0, grid.Scores[(r * grid.Columns) + c]);
        var upper = Score(top, left) + ((Score(top, right) - Score(top, left)) * (column - left));
        var lower = Score(bottom, left) + ((Score(bottom, right) - Score(bottom, left)) * (column - left));
        return upper + ((lower - upper) * (row - top));
    }
}
