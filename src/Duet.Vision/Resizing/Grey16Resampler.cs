// Resizing 16-bit grey as Pillow does in its integer mode: double precision, rounded after each pass, not clipped.
namespace Duet.Vision;

internal static class Grey16Resampler
{
    /// <summary>Returns whole numbers, which bicubic overshoot may take below 0 or above 65535.</summary>
    public static int[] Resize(ReadOnlySpan<ushort> samples, int width, int height, ResizeWindow window, Interpolation interpolation)
    {
        var between = new int[height * window.Width];
        if (width == window.FullWidth)
        {
            for (var i = 0; i < between.Length; i++)
            {
                between[i] = samples[i / window.Width * width + window.Left + i % window.Width];
            }
        }
        else
        {
            var across = new ResampleWeights(width, window.FullWidth, window.Left, window.Width, interpolation);
            for (var i = 0; i < between.Length; i++)
            {
                var (y, x) = (i / window.Width, i % window.Width);
                var sum = 0.0;
                for (var tap = 0; tap < across.Counts[x]; tap++)
                {
                    sum += samples[y * width + across.Starts[x] + tap] * across.Exact[x * across.Taps + tap];
                }

                between[i] = Round(sum);
            }
        }

        return height == window.FullHeight
            ? between[(window.Top * window.Width)..((window.Top + window.Height) * window.Width)]
            : Down(between, height, window, interpolation);
    }

    private static int[] Down(int[] rows, int height, ResizeWindow window, Interpolation interpolation)
    {
        var down = new ResampleWeights(height, window.FullHeight, window.Top, window.Height, interpolation);
        var result = new int[window.Width * window.Height];
        for (var i = 0; i < result.Length; i++)
        {
            var (y, x) = (i / window.Width, i % window.Width);
            var sum = 0.0;
            for (var tap = 0; tap < down.Counts[y]; tap++)
            {
                sum += rows[(down.Starts[y] + tap) * window.Width + x] * down.Exact[y * down.Taps + tap];
            }

            result[i] = Round(sum);
        }

        return result;
    }

    private static int Round(double value) => (int)(value >= 0 ? Math.Floor(value + 0.5) : -Math.Floor(Math.Abs(value) + 0.5));
}
