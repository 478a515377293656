// The hot loop of training: a part of a picture, resized with anti-aliasing, straight into planar bytes.
using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Duet.Vision;

/// <summary>Resamples a <see cref="CropBox"/> to a square with a triangle filter that widens when shrinking, in single precision.
/// Working memory is pooled; nothing is allocated per picture.</summary>
internal static class CropSampler
{
    /// <summary>Fills <paramref name="planes"/>, <c>[3, size, size]</c>.</summary>
    public static void Sample(RgbImage image, CropBox box, bool flip, int size, Span<byte> planes)
    {
        int tapsDown = Taps(box.Height, size),
            tapsAcross = Taps(box.Width, size),
            stride = image.Width * 3;
        var floats = ArrayPool<float>.Shared.Rent(size * (tapsDown + tapsAcross) + stride + 16);
        var starts = ArrayPool<int>.Shared.Rent(4 * size);
        try
        {
            var down = new Axis(starts.AsSpan(0, size), starts.AsSpan(size, size), floats.AsSpan(0, size * tapsDown), tapsDown);
            var across = new Axis(
                starts.AsSpan(2 * size, size),
                starts.AsSpan(3 * size, size),
                floats.AsSpan(size * tapsDown, size * tapsAcross),
                tapsAcross
            );
            down.Fill(image.Height, box.Top, box.Height, flip: false);
            across.Fill(image.Width, box.Left, box.Width, flip);

            // Only the columns that the crop touches are blended.
            int first = across.Starts[flip ? size - 1 : 0],
                last = flip ? 0 : size - 1;
            var columns = (across.Starts[last] + across.Counts[last] - first) * 3;
            var row = floats.AsSpan(size * (tapsDown + tapsAcross), columns + 8);
            row.Clear();
            for (var y = 0; y < size; y++)
            {
                BlendRows(image.Pixels.AsSpan(down.Starts[y] * stride + first * 3), stride, down.Weights(y), row[..columns]);
                BlendColumns(row, first, across, planes, y * size, size * size);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(floats);
            ArrayPool<int>.Shared.Return(starts);
        }
    }

    private static int Taps(double input, int output) => (int)Math.Ceiling(Math.Max(input / output, 1)) * 2 + 1;

    private static void BlendRows(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<float> weights, Span<float> result)
    {
        var x = 0;
        for (; x + 8 <= result.Length; x += 8)
        {
            Vector128<float> low = default,
                high = default;
            for (var i = 0; i < weights.Length; i++)
            {
                var bytes = Vector128.CreateScalar(MemoryMarshal.Read<ulong>(rows.Slice(i * stride + x, 8))).AsByte();
                var words = Vector128.WidenLower(bytes).AsInt16();
                low += Vector128.ConvertToSingle(Vector128.WidenLower(words)) * weights[i];
                high += Vector128.ConvertToSingle(Vector128.WidenUpper(words)) * weights[i];
            }

            low.CopyTo(result[x..]);
            high.CopyTo(result[(x + 4)..]);
        }

        for (; x < result.Length; x++)
        {
            var sum = 0f;
            for (var i = 0; i < weights.Length; i++)
            {
                sum += rows[i * stride + x] * weights[i];
            }

            result[x] = sum;
        }
    }

    private static void BlendColumns(ReadOnlySpan<float> row, int first, Axis across, Span<byte> planes, int to, int plane)
    {
        Span<byte> red = planes[to..],
            green = planes[(plane + to)..],
            blue = planes[(2 * plane + to)..];
        for (var x = 0; x < across.Starts.Length; x++)
        {
            var weights = across.Weights(x);
            var from = row[((across.Starts[x] - first) * 3)..];
            var sum = Vector128.Create(0.5f);
            for (var i = 0; i < weights.Length; i++)
            {
                sum += Vector128.Create(from.Slice(i * 3, 4)) * weights[i];
            }

            var whole = Vector128.ConvertToInt32(sum);
            (red[x], green[x], blue[x]) = ((byte)whole[0], (byte)whole[1], (byte)whole[2]);
        }
    }

    /// <summary>Which input positions make up each output position of one axis, and with what weights.</summary>
    private readonly ref struct Axis(Span<int> starts, Span<int> counts, Span<float> weights, int taps)
    {
        public readonly Span<int> Starts = starts;
        public readonly Span<int> Counts = counts;
        private readonly Span<float> _weights = weights;

        public ReadOnlySpan<float> Weights(int position) => _weights.Slice(position * taps, Counts[position]);

        public void Fill(int input, double origin, double length, bool flip)
        {
            var scale = length / Starts.Length;
            var reach = Math.Max(scale, 1);
            for (var i = 0; i < Starts.Length; i++)
            {
                var centre = origin + ((flip ? Starts.Length - 1 - i : i) + 0.5) * scale;
                var from = (int)Math.Floor(centre - reach + 0.5);
                var to = Math.Min((int)Math.Floor(centre + reach + 0.5), from + taps);
                var start = Math.Clamp(from, 0, input - 1);
                Starts[i] = start;
                Counts[i] = Math.Clamp(to, start + 1, input) - start;
                Triangle(_weights.Slice(i * taps, Counts[i]), start + 0.5 - centre, reach);
            }
        }

        // What lies beyond the edge is left out, as Pillow does; wholly beyond it, the edge itself is taken.
        private static void Triangle(Span<float> weights, double offset, double reach)
        {
            var sum = 0f;
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = (float)Math.Max(1 - Math.Abs(i + offset) / reach, 0);
                sum += weights[i];
            }

            if (sum == 0)
            {
                weights.Clear();
                weights[offset > 0 ? 0 : ^1] = 1;
                return;
            }

            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] /= sum;
            }
        }
    }
}
