// Pictures for tests, drawn from a seed.
using System.Buffers.Binary;
using Duet.Vision;

namespace Duet.Tests.Vision;

internal static class TestPictures
{
    /// <summary>Smooth colours with some noise, so that every codec has something to do.</summary>
    public static RgbImage Draw(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, band) = (i / 3 % width, i / 3 / width, i % 3);
            pixels[i] = (byte)Math.Clamp(128 + 100 * Math.Sin((x + 1) * (band + 1) / 9.0) * Math.Cos(y / 7.0) + random.Next(-8, 9), 0, 255);
        }

        return new(width, height, pixels);
    }

    public static RgbImage Plain(int width, int height, byte r, byte g, byte b)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (r, g, b);
        }

        return new(width, height, pixels);
    }

    /// <summary>A 24-bit Windows bitmap, bottom row first.</summary>
    public static byte[] Bmp(RgbImage image)
    {
        var stride = (image.Width * 3 + 3) / 4 * 4;
        var bytes = new byte[54 + stride * image.Height];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), image.Height);
        bytes[26] = 1;
        bytes[28] = 24;
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var from = (y * image.Width + x) * 3;
                var to = 54 + (image.Height - 1 - y) * stride + x * 3;
                (bytes[to + 2], bytes[to + 1], bytes[to]) = (image.Pixels[from], image.Pixels[from + 1], image.Pixels[from + 2]);
            }
        }

        return bytes;
    }

    /// <summary>The check sum of PNG chunks.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    /// <summary>The picture with an EXIF block that says how it is turned.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF,
            0xE1,
            0,
            34,
            .. "Exif\0\0MM\0*"u8,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            orientation,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
