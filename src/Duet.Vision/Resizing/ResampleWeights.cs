// For every output position along one axis: which input positions it is made of, and with what weights.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>Filter weights for one axis, computed in double precision and rounded to 22-bit fixed point as Pillow does
/// (Resample.c: <c>precompute_coeffs</c>, <c>normalize_coeffs_8bpc</c>).</summary>
internal sealed class ResampleWeights
{
    public const int Bits = 32 - 8 - 2;

    /// <summary>Weights for output positions <paramref name="first"/> to first + count - 1 out of <paramref name="output"/>.</summary>
    public ResampleWeights(int input, int output, int first, int count, Interpolation interpolation)
    {
        var (support, filter) = Filter(interpolation);
        var scale = (double)input / output;
        var filterScale = Math.Max(scale, 1.0);
        support *= filterScale;
        Taps = ((int)Math.Ceiling(support) * 2 + 4) / 4 * 4;
        (Starts, Counts) = (new int[count], new int[count]);
        (Exact, Fixed) = (new double[count * Taps], new int[count * Taps]);
        for (var i = 0; i < count; i++)
        {
            var centre = (first + i + 0.5) * scale;
            var start = Math.Max((int)(centre - support + 0.5), 0);
            var end = Math.Min((int)(centre + support + 0.5), input);
            (Starts[i], Counts[i]) = (start, end - start);
            Fill(Exact.AsSpan(i * Taps, end - start), start - centre + 0.5, 1.0 / filterScale, filter);
        }

        for (var i = 0; i < Exact.Length; i++)
        {
            Fixed[i] = (int)(Exact[i] * (1 << Bits) + (Exact[i] < 0 ? -0.5 : 0.5));
        }
    }

    /// <summary>Room for weights per output position, a multiple of 4 for those who read as many at a time; zeros where there are
    /// none.</summary>
    public int Taps { get; }

    /// <summary>First input position of each output position.</summary>
    public int[] Starts { get; }

    /// <summary>How many input positions each output position uses.</summary>
    public int[] Counts { get; }

    /// <summary>Weights that add up to 1, <c>[positions, Taps]</c>.</summary>
    public double[] Exact { get; }

    /// <summary>The same times 2^22, rounded.</summary>
    public int[] Fixed { get; }

    private static void Fill(Span<double> weights, double offset, double step, Func<double, double> filter)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = filter((i + offset) * step);
            sum += weights[i];
        }

        if (sum == 0)
        {
            return;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }
    }

    private static (double Support, Func<double, double> Filter) Filter(Interpolation interpolation) =>
        interpolation switch
        {
            Interpolation.Box => (0.5, static x => x is > -0.5 and <= 0.5 ? 1 : 0),
            Interpolation.Bilinear => (1.0, static x => Math.Abs(x) < 1 ? 1 - Math.Abs(x) : 0),
            Interpolation.Bicubic => (2.0, Cubic),
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "This interpolation has no weights."),
        };

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
            : 0;
    }
}

/// <summary>A resize to <see cref="FullWidth"/> x <see cref="FullHeight"/> of which only a rectangle is wanted.</summary>
/// <param name="FullWidth">Width of the whole resized picture.</param>
/// <param name="FullHeight">Height of the whole resized picture.</param>
/// <param name="Left">Left edge of the rectangle.</param>
/// <param name="Top">Upper edge of the rectangle.</param>
/// <param name="Width">Width of the rectangle.</param>
/// <param name="Height">Height of the rectangle.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResizeWindow(int FullWidth, int FullHeight, int Left, int Top, int Width, int Height)
{
    /// <summary>The whole resized picture.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public static ResizeWindow Whole(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new(width, height, 0, 0, width, height);
    }
}
