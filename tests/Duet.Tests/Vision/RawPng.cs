// Writes PNG files of any colour type and depth, which ordinary encoders do not offer.
using System.Buffers.Binary;
using System.IO.Compression;

namespace Duet.Tests.Vision;

internal static class RawPng
{
    /// <summary>Rows of packed samples as the PNG specification lays them out; no filter, not interlaced.</summary>
    public static byte[] Write(
        int width,
        int height,
        byte depth,
        byte colourType,
        byte[] samples,
        byte[]? palette = null,
        byte[]? transparency = null
    )
    {
        var stride = samples.Length / height;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(samples, y * stride, stride);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colourType);
        return
        [
            0x89,
            0x50,
            0x4E,
            0x47,
            0x0D,
            0x0A,
            0x1A,
            0x0A,
            .. Chunk("IHDR"u8, header),
            .. palette is null ? [] : Chunk("PLTE"u8, palette),
            .. transparency is null ? [] : Chunk("tRNS"u8, transparency),
            .. Chunk("IDAT"u8, packed.ToArray()),
            .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), TestPictures.Crc32(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }
}
