// A small bounds-checked reader of Windows bitmaps; libvips leaves them to ImageMagick, which is not let near untrusted files.
using System.Buffers.Binary;
using System.Numerics;

namespace Duet.Vision;

/// <summary>Reads uncompressed bitmaps of 1, 4, 8, 16, 24 and 32 bits (BITMAPINFOHEADER and its successors, and the OS/2
/// core header). Run-length coded ones are refused: they are all but extinct.</summary>
internal static class BmpReader
{
    private const int FileHeader = 14;

    public static bool Recognises(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("BM"u8) && bytes.Length >= FileHeader + 12 && U32(bytes, FileHeader) is 12 or 40 or 52 or 56 or 64 or 108 or 124;

    /// <summary>Reads width and height.</summary>
    public static (int Width, int Height) Measure(ReadOnlySpan<byte> bytes, string source)
    {
        var header = Header.Parse(bytes, source);
        return (header.Width, header.Height);
    }

    /// <summary>Decodes; the pixel limit is checked before memory is set aside.</summary>
    public static RasterImage Read(ReadOnlySpan<byte> bytes, string source, Action<int, int> checkSize)
    {
        var header = Header.Parse(bytes, source);
        checkSize(header.Width, header.Height);

        var stride = ((long)header.Width * header.Bits + 31) / 32 * 4;
        if (header.PixelOffset > bytes.Length || stride * header.Height > bytes.Length - header.PixelOffset)
        {
            throw Corrupt(source, $"the bitmap's {header.Width} x {header.Height} pixels do not fit the file; it is cut off or damaged");
        }

        var pixels = bytes[(int)header.PixelOffset..];
        return header.Bits switch
        {
            <= 8 => Indexed(header, bytes, pixels, (int)stride, source),
            _ => Direct(header, pixels, (int)stride),
        };
    }

    private static RasterImage Indexed(Header header, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> pixels, int stride, string source)
    {
        var palette = header.Palette(bytes, source);
        var rgb = new byte[checked(header.Width * header.Height * 3)];
        var perByte = 8 / header.Bits;
        var mask = (1 << header.Bits) - 1;
        for (var y = 0; y < header.Height; y++)
        {
            var row = pixels.Slice(header.RowInFile(y) * stride, stride);
            for (var x = 0; x < header.Width; x++)
            {
                var index = (row[x / perByte] >> (8 - header.Bits * (x % perByte + 1))) & mask;
                if (index >= palette.Length)
                {
                    throw Corrupt(source, $"pixel ({x}, {y}) uses colour {index} of a palette of {palette.Length}");
                }

                var at = (y * header.Width + x) * 3;
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (palette[index].R, palette[index].G, palette[index].B);
            }
        }

        return InPillowsMode(header, palette, rgb);
    }

    // Pillow calls a bitmap grey when its palette is the plain ramp, and black-and-white when it is (black, white).
    private static RasterImage InPillowsMode(Header header, Rgb24[] palette, byte[] rgb)
    {
        var top = palette.Length == 2 ? 255 : 1;
        for (var i = 0; i < palette.Length; i++)
        {
            var grey = (byte)(i * top);
            if (palette[i] != new Rgb24(grey, grey, grey))
            {
                return new(PixelMode.Palette, header.Width, header.Height, rgb, palette[0]);
            }
        }

        var first = new byte[rgb.Length / 3];
        for (var i = 0; i < first.Length; i++)
        {
            first[i] = rgb[i * 3];
        }

        return new(palette.Length == 2 ? PixelMode.Bilevel : PixelMode.Grey, header.Width, header.Height, first);
    }

    private static RasterImage Direct(Header header, ReadOnlySpan<byte> pixels, int stride)
    {
        var bands = header.AlphaMask != 0 ? 4 : 3;
        var samples = new byte[checked(header.Width * header.Height * bands)];
        var step = header.Bits / 8;
        Span<uint> masks = [header.RedMask, header.GreenMask, header.BlueMask, header.AlphaMask];
        for (var y = 0; y < header.Height; y++)
        {
            var row = pixels.Slice(header.RowInFile(y) * stride, stride);
            var to = samples.AsSpan(y * header.Width * bands, header.Width * bands);
            for (var x = 0; x < header.Width; x++)
            {
                var pixel = row.Slice(x * step, step);
                var value = step switch
                {
                    2 => BinaryPrimitives.ReadUInt16LittleEndian(pixel),
                    3 => (uint)(pixel[0] | (pixel[1] << 8) | (pixel[2] << 16)),
                    _ => BinaryPrimitives.ReadUInt32LittleEndian(pixel),
                };
                for (var band = 0; band < bands; band++)
                {
                    to[x * bands + band] = Sample(value, masks[band]);
                }
            }
        }

        return new(bands == 4 ? PixelMode.Rgba : PixelMode.Rgb, header.Width, header.Height, samples);
    }

    /// <summary>The bits under the mask, stretched to 0..255.</summary>
    private static byte Sample(uint value, uint mask)
    {
        var shift = BitOperations.TrailingZeroCount(mask);
        var top = mask >> shift;
        return top == 255 ? (byte)(value >> shift) : (byte)((ulong)((value & mask) >> shift) * 255 / top);
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static ImageDecodeException Corrupt(string source, string detail) => new(ImageDecodeReason.Corrupt, source, detail + ".");

    private sealed record Header(int Width, int Height, bool TopDown, int Bits, long PixelOffset, uint Size, uint Colours)
    {
        public uint RedMask { get; init; }

        public uint GreenMask { get; init; }

        public uint BlueMask { get; init; }

        public uint AlphaMask { get; init; }

        public int RowInFile(int y) => TopDown ? y : Height - 1 - y;

        public static Header Parse(ReadOnlySpan<byte> bytes, string source)
        {
            var size = U32(bytes, FileHeader);
            if (bytes.Length < FileHeader + size)
            {
                throw Corrupt(source, "the bitmap ends inside its header");
            }

            var core = size == 12;
            var width = core ? U16(bytes, 18) : (int)U32(bytes, 18);
            var signedHeight = core ? U16(bytes, 20) : (int)U32(bytes, 22);
            var bits = U16(bytes, core ? 24 : 28);
            var compression = core ? 0 : U32(bytes, 30);
            if (width < 1 || signedHeight is 0 or int.MinValue)
            {
                throw Corrupt(source, $"the bitmap claims a size of {width} x {signedHeight}");
            }

            if (bits is not (1 or 4 or 8 or 16 or 24 or 32) || compression is not (0 or 3) || (compression == 3 && bits < 16))
            {
                throw new ImageDecodeException(
                    ImageDecodeReason.UnsupportedFormat,
                    source,
                    $"bitmaps of {bits} bits with compression {compression} are not read; save it as PNG."
                );
            }

            var header = new Header(width, Math.Abs(signedHeight), signedHeight < 0, bits, U32(bytes, 10), size, core ? 0 : U32(bytes, 46));
            return compression == 3 ? header.WithFileMasks(bytes, source) : header.WithUsualMasks();
        }

        public Rgb24[] Palette(ReadOnlySpan<byte> bytes, string source)
        {
            var step = Size == 12 ? 3 : 4;
            var count = Colours is 0 or > 256 ? 1 << Bits : (int)Math.Min(Colours, 1u << Bits);
            var start = FileHeader + (int)Size;
            if (bytes.Length < start + count * step)
            {
                throw Corrupt(source, "the bitmap ends inside its palette");
            }

            var palette = new Rgb24[count];
            for (var i = 0; i < count; i++)
            {
                var at = start + i * step;
                palette[i] = new(bytes[at + 2], bytes[at + 1], bytes[at]);
            }

            return palette;
        }

        private Header WithUsualMasks() =>
            Bits == 16
                ? this with
                {
                    RedMask = 0x7C00,
                    GreenMask = 0x3E0,
                    BlueMask = 0x1F,
                }
                : this with
                {
                    RedMask = 0xFF0000,
                    GreenMask = 0xFF00,
                    BlueMask = 0xFF,
                };

        private Header WithFileMasks(ReadOnlySpan<byte> bytes, string source)
        {
            const int masks = FileHeader + 40;
            if (bytes.Length < masks + 16)
            {
                throw Corrupt(source, "the bitmap ends before its colour masks");
            }

            var header = this with
            {
                RedMask = U32(bytes, masks),
                GreenMask = U32(bytes, masks + 4),
                BlueMask = U32(bytes, masks + 8),
                AlphaMask = Size >= 56 ? U32(bytes, masks + 12) : 0,
            };
            return header.RedMask != 0 && header.GreenMask != 0 && header.BlueMask != 0
                ? header
                : throw Corrupt(source, "a colour mask of the bitmap is empty");
        }
    }
}
