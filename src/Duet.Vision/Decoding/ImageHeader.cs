// Recognises a picture by its first bytes and finds what the decoder does not say: palette, bit depth.
using System.Buffers.Binary;

namespace Duet.Vision;

internal readonly record struct ImageHeader(ImageFormat Format, PixelMode? Mode, Rgb24 PaletteZero)
{
    private static readonly (byte[] Magic, int Offset, string Name)[] Refused =
    [
        ("II*\0"u8.ToArray(), 0, "TIFF"),
        ("MM\0*"u8.ToArray(), 0, "TIFF"),
        ("II+\0"u8.ToArray(), 0, "TIFF"),
        ("ftyp"u8.ToArray(), 4, "HEIF/AVIF/MP4"),
        ("8BPS"u8.ToArray(), 0, "PSD"),
        ("%PDF"u8.ToArray(), 0, "PDF"),
        ([0, 0, 1, 0], 0, "ICO"),
        ([0xFF, 0x0A], 0, "JPEG XL"),
        ("JXL "u8.ToArray(), 4, "JPEG XL"),
        ("jP  "u8.ToArray(), 4, "JPEG 2000"),
        ("<svg"u8.ToArray(), 0, "SVG"),
        ([0x76, 0x2F, 0x31, 0x01], 0, "OpenEXR"),
    ];

    /// <summary>Reads what the first bytes say.</summary>
    /// <exception cref="ImageDecodeException">Not a picture, or one of a format that is not on the allow-list.</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> bytes, string source)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return new(ImageFormat.Jpeg, null, default);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return Png(bytes);
        }

        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
        {
            return Gif(bytes);
        }

        if (bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..12].SequenceEqual("WEBP"u8))
        {
            return new(ImageFormat.WebP, null, default);
        }

        if (BmpReader.Recognises(bytes))
        {
            return new(ImageFormat.Bmp, null, default);
        }

        foreach (var (magic, offset, name) in Refused)
        {
            if (bytes.Length >= offset + magic.Length && bytes.Slice(offset, magic.Length).SequenceEqual(magic))
            {
                throw new ImageDecodeException(
                    ImageDecodeReason.UnsupportedFormat,
                    source,
                    $"{name} is not read; convert it to JPEG, PNG, WebP, GIF or BMP."
                );
            }
        }

        throw new ImageDecodeException(
            ImageDecodeReason.NotAnImage,
            source,
            "the content is not a picture (expected JPEG, PNG, WebP, GIF or BMP)."
        );
    }

    private static ImageHeader Png(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 33)
        {
            return new(ImageFormat.Png, null, default);
        }

        var (depth, colour) = (bytes[24], bytes[25]);
        PixelMode? mode = (colour, depth) switch
        {
            (0, 1) => PixelMode.Bilevel,
            (0, 16) => PixelMode.Grey16,
            (0, _) => PixelMode.Grey,
            (2, _) => PixelMode.Rgb,
            (3, _) => PixelMode.Palette,
            (4, _) => PixelMode.GreyAlpha,
            (6, _) => PixelMode.Rgba,
            _ => null,
        };
        return new(ImageFormat.Png, mode, mode == PixelMode.Palette ? PngPaletteZero(bytes) : default);
    }

    private static Rgb24 PngPaletteZero(ReadOnlySpan<byte> bytes)
    {
        for (long at = 8; at + 12 <= bytes.Length; )
        {
            var chunk = bytes[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..8].SequenceEqual("PLTE"u8))
            {
                return length >= 3 && chunk.Length >= 11 ? new(chunk[8], chunk[9], chunk[10]) : default;
            }

            at += 12L + length;
        }

        return default;
    }

    // A global palette that is the plain grey ramp makes the picture a grey one in Pillow's eyes.
    private static ImageHeader Gif(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 13 || (bytes[10] & 0x80) == 0)
        {
            return new(ImageFormat.Gif, PixelMode.Palette, default);
        }

        var colours = 2 << (bytes[10] & 7);
        if (bytes.Length < 13 + colours * 3)
        {
            return new(ImageFormat.Gif, PixelMode.Palette, default);
        }

        var palette = bytes.Slice(13, colours * 3);
        var mode = IsGreyRamp(palette) ? PixelMode.Grey : PixelMode.Palette;
        return new(ImageFormat.Gif, mode, new(palette[0], palette[1], palette[2]));
    }

    private static bool IsGreyRamp(ReadOnlySpan<byte> palette)
    {
        for (var i = 0; i < palette.Length; i++)
        {
            if (palette[i] != i / 3)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A file format of pictures.</summary>
public enum ImageFormat
{
    /// <summary>JPEG.</summary>
    Jpeg = 1,

    /// <summary>PNG.</summary>
    Png = 2,

    /// <summary>WebP, lossy or lossless; the first frame of a moving one.</summary>
    WebP = 3,

    /// <summary>GIF; the first frame.</summary>
    Gif = 4,

    /// <summary>Windows bitmap; read only.</summary>
    Bmp = 5,
}
