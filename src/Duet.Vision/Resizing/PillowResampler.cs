// Resizing that gives, byte for byte, what Pillow gives.
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Duet.Vision;

/// <summary>Pillow's resize on 8-bit samples: separable filters in 22-bit fixed point, rows first, rounded and clipped after each
/// pass. Published preprocessing is defined by it.</summary>
public static class PillowResampler
{
    private const int Half = 1 << (ResampleWeights.Bits - 1);

    /// <summary>Resizes an RGB picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">New width, at least 1.</param>
    /// <param name="height">New height, at least 1.</param>
    /// <param name="interpolation">The filter.</param>
    public static RgbImage Resize(RgbImage image, int width, int height, Interpolation interpolation)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Width == width && image.Height == height
            ? image
            : new(width, height, Resize(image.Pixels, image.Width, image.Height, 3, ResizeWindow.Whole(width, height), interpolation));
    }

    /// <summary>Resizes 8-bit samples and returns only a window of the result, which costs only as much as the window.</summary>
    /// <param name="samples"><c>[height, width, bands]</c>.</param>
    /// <param name="width">Width of the source.</param>
    /// <param name="height">Height of the source.</param>
    /// <param name="bands">Samples per pixel, 1 to 4.</param>
    /// <param name="window">The new size and which part of it to compute.</param>
    /// <param name="interpolation">The filter.</param>
    /// <returns><c>[window.Height, window.Width, bands]</c>.</returns>
    public static byte[] Resize(
        ReadOnlySpan<byte> samples,
        int width,
        int height,
        int bands,
        ResizeWindow window,
        Interpolation interpolation
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bands, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bands, 4);
        if (samples.Length != (long)width * height * bands)
        {
            throw new ArgumentException($"{samples.Length} samples are not {width} x {height} x {bands}.", nameof(samples));
        }

        var result = GC.AllocateUninitializedArray<byte>(checked(window.Width * window.Height * bands));
        if (interpolation == Interpolation.Nearest)
        {
            NearestResampler.Resize(samples, width, height, bands, window, result);
            return result;
        }

        var down =
            height == window.FullHeight ? null : new ResampleWeights(height, window.FullHeight, window.Top, window.Height, interpolation);
        var across =
            width == window.FullWidth ? null : new ResampleWeights(width, window.FullWidth, window.Left, window.Width, interpolation);
        var top = down is null ? window.Top : down.Starts[0];
        var rows = down is null ? window.Height : down.Starts[^1] + down.Counts[^1] - top;
        var middle = ArrayPool<byte>.Shared.Rent(checked(rows * window.Width * bands));
        try
        {
            var between = middle.AsSpan(0, rows * window.Width * bands);
            if (across is null)
            {
                CropColumns(samples, width * bands, top, window.Left * bands, window.Width * bands, between);
            }
            else
            {
                Across(samples, width * bands, top, rows, bands, across, between);
            }

            if (down is null)
            {
                between.CopyTo(result);
            }
            else
            {
                Down(between, window.Width * bands, top, down, result);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(middle);
        }

        return result;
    }

    private static void CropColumns(ReadOnlySpan<byte> samples, int stride, int top, int left, int length, Span<byte> result)
    {
        for (int y = top, to = 0; to < result.Length; y++, to += length)
        {
            samples.Slice(y * stride + left, length).CopyTo(result[to..]);
        }
    }

    private static void Across(
        ReadOnlySpan<byte> samples,
        int stride,
        int top,
        int rows,
        int bands,
        ResampleWeights weights,
        Span<byte> result
    )
    {
        var length = weights.Starts.Length * bands;
        for (var y = 0; y < rows; y++)
        {
            var from = samples[((top + y) * stride)..];
            var to = result[(y * length)..];
            for (var x = bands == 3 ? Pixels(from, weights, to) : 0; x < weights.Starts.Length; x++)
            {
                Pixel(
                    from[(weights.Starts[x] * bands)..],
                    bands,
                    weights.Fixed.AsSpan(x * weights.Taps, weights.Counts[x]),
                    to.Slice(x * bands, bands)
                );
            }
        }
    }

    private static void Pixel(ReadOnlySpan<byte> from, int bands, ReadOnlySpan<int> taps, Span<byte> to)
    {
        for (var band = 0; band < bands; band++)
        {
            var sum = Half;
            for (var i = 0; i < taps.Length; i++)
            {
                sum += from[i * bands + band] * taps[i];
            }

            to[band] = (byte)Math.Clamp(sum >> ResampleWeights.Bits, 0, 255);
        }
    }

    /// <summary>Pixels of three bands, a band per lane and four taps at a time, as long as whole vectors can be read and written; how many
    /// that are. What is read beyond a pixel's last tap has weight 0, and the fourth byte written is the next pixel's, which comes
    /// after.</summary>
    private static int Pixels(ReadOnlySpan<byte> from, ResampleWeights weights, Span<byte> to)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var result = ref MemoryMarshal.GetReference(to);
        ref var taps = ref MemoryMarshal.GetArrayDataReference(weights.Fixed);
        int[] starts = weights.Starts,
            counts = weights.Counts;
        var x = 0;
        for (; x < starts.Length && x < counts.Length && (3 * x) + 4 <= to.Length; x++)
        {
            var sum = Vector128.Create(Half);
            var (at, end) = (3 * starts[x], 3 * (starts[x] + counts[x]));

            // The last vector of 16 bytes begins at the latest with the last pixel, 3 bytes before the end.
            if (end + 13 > from.Length)
            {
                break;
            }

            for (var tap = (nuint)(x * weights.Taps); at < end; at += 12, tap += 4)
            {
                var pixels = Vector128.LoadUnsafe(ref source, (nuint)at);
                var four = Vector128.LoadUnsafe(ref taps, tap);
                sum += Lanes(pixels, 0, 1, 2) * Vector128.Shuffle(four, Vector128.Create(0));
                sum += Lanes(pixels, 3, 4, 5) * Vector128.Shuffle(four, Vector128.Create(1));
                sum += Lanes(pixels, 6, 7, 8) * Vector128.Shuffle(four, Vector128.Create(2));
                sum += Lanes(pixels, 9, 10, 11) * Vector128.Shuffle(four, Vector128.Create(3));
            }

            Unsafe.WriteUnaligned(ref Unsafe.Add(ref result, 3 * x), Clip(sum));
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Lanes(Vector128<byte> bytes, byte red, byte green, byte blue)
    {
        const byte Zero = 255;
        return Vector128
            .Shuffle(
                bytes,
                Vector128.Create(red, Zero, Zero, Zero, green, Zero, Zero, Zero, blue, Zero, Zero, Zero, Zero, Zero, Zero, Zero)
            )
            .AsInt32();
    }

    private static uint Clip(Vector128<int> sum)
    {
        var words = Vector128.NarrowWithSaturation(sum >> ResampleWeights.Bits, Vector128<int>.Zero);
        words = Vector128.Max(words, Vector128<short>.Zero);
        return Vector128.NarrowWithSaturation(words.AsUInt16(), Vector128<ushort>.Zero).AsUInt32()[0];
    }

    private static void Down(ReadOnlySpan<byte> rows, int length, int top, ResampleWeights weights, Span<byte> result)
    {
        for (var y = 0; y < weights.Starts.Length; y++)
        {
            var taps = weights.Fixed.AsSpan(y * weights.Taps, weights.Counts[y]);
            var from = rows[((weights.Starts[y] - top) * length)..];
            Row(from, length, taps, result.Slice(y * length, length));
        }
    }

    private static void Row(ReadOnlySpan<byte> from, int length, ReadOnlySpan<int> taps, Span<byte> to)
    {
        var x = 0;
        ref var first = ref MemoryMarshal.GetReference(from[..(length * taps.Length)]);
        for (; x + 16 <= length; x += 16)
        {
            Vector256<int> low = Vector256.Create(Half),
                high = low;
            var at = (nuint)x;
            foreach (var tap in taps)
            {
                var words = Vector256.WidenLower(Vector128.LoadUnsafe(ref first, at).ToVector256Unsafe()).AsInt16();
                low += Vector256.WidenLower(words) * tap;
                high += Vector256.WidenUpper(words) * tap;
                at += (nuint)length;
            }

            var narrow = Vector256.NarrowWithSaturation(low >> ResampleWeights.Bits, high >> ResampleWeights.Bits);
            narrow = Vector256.Max(narrow, Vector256<short>.Zero);
            Vector256.NarrowWithSaturation(narrow.AsUInt16(), narrow.AsUInt16()).GetLower().CopyTo(to[x..]);
        }

        for (; x < length; x++)
        {
            var sum = Half;
            for (var i = 0; i < taps.Length; i++)
            {
                sum += from[i * length + x] * taps[i];
            }

            to[x] = (byte)Math.Clamp(sum >> ResampleWeights.Bits, 0, 255);
        }
    }
}
