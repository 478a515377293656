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
    public static byte[] Resize(ReadOnlySpan<byte> samples, int width, int height, int bands, ResizeWindow window, Interpolation interpolation)
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

        var down = height == window.FullHeight ? null : new ResampleWeights(height, window.FullHeight, window.Top, window.Height, interpolation);
        var across = width == window.FullWidth ? null : new ResampleWeights(width, window.FullWidth, window.Left, window.Width, interpolation);
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

    private static void Across(ReadOnlySpan<byte> samples, int stride, int top, int rows, int bands, ResampleWeights weights, Span<byte> result)
    {
        var to = 0;
        for (var y = top; y < top + rows; y++)
        {
            var row = samples.Slice(y * stride, stride);
            for (var x = 0; x < weights.Starts.Length; x++, to += bands)
            {
                var taps = weights.Fixed.AsSpan(x * weights.Taps, weights.Counts[x]);
                var from = row[(weights.Starts[x] * bands)..];
                if (bands >= 3)
                {
                    Pixel(from, bands, taps, result.Slice(to, bands));
                }
                else
                {
                    Samples(from, bands, taps, result.Slice(to, bands));
                }
            }
        }
    }

    private static void Samples(ReadOnlySpan<byte> from, int bands, ReadOnlySpan<int> taps, Span<byte> to)
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

    // One pixel of 3 or 4 bands at a time, a band per lane.
    private static void Pixel(ReadOnlySpan<byte> from, int bands, ReadOnlySpan<int> taps, Span<byte> to)
    {
        var sum = Vector128.Create(Half);
        ref var first = ref MemoryMarshal.GetReference(from);
        for (var i = 0; i < taps.Length; i++)
        {
            var at = i * bands;
            var four = at + 4 <= from.Length
                ? Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at))
                : Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at - 1)) >> 8;
            sum += Widen(four) * taps[i];
        }

        var clipped = Vector128.Min(Vector128.Max(sum >> ResampleWeights.Bits, Vector128<int>.Zero), Vector128.Create(255));
        (to[0], to[1], to[2]) = ((byte)clipped[0], (byte)clipped[1], (byte)clipped[2]);
        if (bands == 4)
        {
            to[3] = (byte)clipped[3];
        }
    }

    private static Vector128<int> Widen(uint four) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(four).AsByte()).AsInt16());

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
        for (; x + 8 <= length; x += 8)
        {
            Vector128<int> low = Vector128.Create(Half), high = low;
            for (var i = 0; i < taps.Length; i++)
            {
                var bytes = Vector128.CreateScalar(MemoryMarshal.Read<ulong>(from.Slice(i * length + x, 8))).AsByte();
                var words = Vector128.WidenLower(bytes).AsInt16();
                low += Vector128.WidenLower(words) * taps[i];
                high += Vector128.WidenUpper(words) * taps[i];
            }

            var narrow = Vector128.NarrowWithSaturation(low >> ResampleWeights.Bits, high >> ResampleWeights.Bits);
            narrow = Vector128.Max(narrow, Vector128<short>.Zero);
            var clipped = Vector128.NarrowWithSaturation(narrow.AsUInt16(), narrow.AsUInt16());
            MemoryMarshal.Write(to[x..], clipped.AsUInt64()[0]);
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
