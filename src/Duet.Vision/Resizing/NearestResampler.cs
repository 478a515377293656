// Nearest neighbour as Pillow does it: positions by repeated addition in double precision.
namespace Duet.Vision;

internal static class NearestResampler
{
    public static void Resize(ReadOnlySpan<byte> samples, int width, int height, int bytesPerPixel, ResizeWindow window, Span<byte> result)
    {
        var columns = Positions(width, window.FullWidth, window.Left, window.Width);
        var rows = Positions(height, window.FullHeight, window.Top, window.Height);
        var to = 0;
        foreach (var row in rows)
        {
            foreach (var column in columns)
            {
                samples.Slice((row * width + column) * bytesPerPixel, bytesPerPixel).CopyTo(result[to..]);
                to += bytesPerPixel;
            }
        }
    }

    private static int[] Positions(int input, int output, int first, int count)
    {
        var step = (double)input / output;
        var at = step * 0.5;
        var positions = new int[count];
        for (var i = 0; i < first + count; i++, at += step)
        {
            if (i >= first)
            {
                positions[i - first] = Math.Min((int)at, input - 1);
            }
        }

        return positions;
    }
}
