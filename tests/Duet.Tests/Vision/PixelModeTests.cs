// What kind of pixels a file is found to hold, and what they become, for kinds that the published cases do not cover.
using System.Buffers.Binary;
using Duet.Vision;

namespace Duet.Tests.Vision;

public sealed class PixelModeTests
{
    private readonly ImageDecoder _decoder = new();
    private readonly ImageDecoder _overWhite = new(new DecodeOptions { Background = Rgb24.White });

    [Fact]
    public void Grey_of_few_bits_is_spread_over_the_range()
    {
        var png = RawPng.Write(4, 1, depth: 2, colourType: 0, [0b00_01_10_11]);
        var image = _decoder.DecodeRaster(png, "p");
        Same(image, PixelMode.Grey, [0, 85, 170, 255]);
    }

    [Fact]
    public void One_bit_is_black_and_white()
    {
        var image = _decoder.DecodeRaster(RawPng.Write(8, 1, depth: 1, colourType: 0, [0b1010_0001]), "p");
        Same(image, PixelMode.Bilevel, [255, 0, 255, 0, 0, 0, 0, 255]);
    }

    [Fact]
    public void Sixteen_bit_grey_is_cut_off_as_published_or_scaled_for_looking_at()
    {
        var png = RawPng.Write(3, 1, depth: 16, colourType: 0, [0, 7, 1, 0, 0xAB, 0xCD]);
        _decoder.DecodeRaster(png, "p").Mode.ShouldBe(PixelMode.Grey16);
        _decoder.DecodeRaster(png, "p").ToRgbLikePillow().Pixels.ShouldBe([7, 7, 7, 255, 255, 255, 255, 255, 255]);
        _decoder.Decode(png, "p").Pixels.ShouldBe([0, 0, 0, 1, 1, 1, 0xAB, 0xAB, 0xAB]);
    }

    [Fact]
    public void Other_sixteen_bit_pictures_keep_their_upper_bytes()
    {
        var rgb = _decoder.DecodeRaster(RawPng.Write(1, 1, 16, 2, [10, 200, 20, 200, 30, 200]), "p");
        Same(rgb, PixelMode.Rgb, [10, 20, 30]);
        var rgba = _decoder.DecodeRaster(RawPng.Write(1, 1, 16, 6, [10, 0, 20, 0, 30, 0, 128, 9]), "p");
        Same(rgba, PixelMode.Rgba, [10, 20, 30, 128]);
        var greyAlpha = _decoder.DecodeRaster(RawPng.Write(1, 1, 16, 4, [77, 0, 128, 9]), "p");
        Same(greyAlpha, PixelMode.GreyAlpha, [77, 128]);
    }

    [Fact]
    public void A_transparent_colour_is_alpha_only_where_a_background_is_asked_for()
    {
        var rgb = RawPng.Write(2, 1, 8, 2, [1, 2, 3, 50, 60, 70], transparency: [0, 1, 0, 2, 0, 3]);
        _decoder.DecodeRaster(rgb, "p").Mode.ShouldBe(PixelMode.Rgb);
        _decoder.Decode(rgb, "p").Pixels.ShouldBe([1, 2, 3, 50, 60, 70]);
        _overWhite.Decode(rgb, "p").Pixels.ShouldBe([255, 255, 255, 50, 60, 70]);

        var grey = RawPng.Write(2, 1, 8, 0, [9, 80], transparency: [0, 9]);
        _decoder.DecodeRaster(grey, "p").Mode.ShouldBe(PixelMode.Grey);
        _overWhite.Decode(grey, "p").Pixels.ShouldBe([255, 255, 255, 80, 80, 80]);

        var deep = RawPng.Write(2, 1, 16, 0, [0, 9, 80, 0], transparency: [0, 9]);
        _decoder.DecodeRaster(deep, "p").Mode.ShouldBe(PixelMode.Grey16);
        _decoder.Decode(deep, "p").Pixels.ShouldBe([0, 0, 0, 80, 80, 80]);
        _overWhite.Decode(deep, "p").Pixels.ShouldBe([255, 255, 255, 80, 80, 80]);
    }

    [Fact]
    public void Palettes_with_and_without_transparency_stay_palettes()
    {
        byte[] palette = [9, 8, 7, 200, 100, 0];
        var plain = _decoder.DecodeRaster(RawPng.Write(2, 1, 8, 3, [1, 0], palette), "p");
        Same(plain, PixelMode.Palette, [200, 100, 0, 9, 8, 7]);
        plain.PaletteZero.ShouldBe(new Rgb24(9, 8, 7));

        var png = RawPng.Write(2, 1, 8, 3, [1, 0], palette, transparency: [0, 255]);
        var transparent = _decoder.DecodeRaster(png, "p");
        Same(transparent, PixelMode.Palette, [200, 100, 0, 9, 8, 7]);
        _overWhite.Decode(png, "p").Pixels.ShouldBe([200, 100, 0, 255, 255, 255]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Bitmaps_with_palettes_are_read(int bits)
    {
        var bytes = BitmapHeader(3, 2, bits, colours: 2, pixels: 8);
        new byte[] { 30, 20, 10, 0, 60, 50, 40, 0 }.CopyTo(bytes, 54);
        byte[] row = bits switch
        {
            1 => [0b0100_0000],
            4 => [0x01, 0x00],
            _ => [0, 1, 0],
        };
        row.CopyTo(bytes, 62);
        var image = _decoder.DecodeRaster(bytes, "p");
        image.Mode.ShouldBe(PixelMode.Palette);
        image.Samples[9..].ShouldBe([10, 20, 30, 40, 50, 60, 10, 20, 30], "the file's first row is the lowest one");
        image.Samples[..9].ShouldAllBe(v => v == 10 || v == 20 || v == 30);
    }

    [Fact]
    public void Bitmaps_of_16_and_32_bits_are_read_by_their_masks()
    {
        var deep = BitmapHeader(1, -1, 32, colours: 0, pixels: 4);
        new byte[] { 3, 2, 1, 0 }.CopyTo(deep, 54);
        _decoder.Decode(deep, "p").Pixels.ShouldBe([1, 2, 3]);

        var high = BitmapHeader(1, 1, 16, colours: 0, pixels: 4);
        BinaryPrimitives.WriteUInt16LittleEndian(high.AsSpan(54), 0b0_11111_00000_01111);
        _decoder.Decode(high, "p").Pixels.ShouldBe([255, 0, 123]);
    }

    [Fact]
    public void Hostile_bitmaps_are_refused()
    {
        var index = BitmapHeader(4, 1, 8, colours: 2, pixels: 4);
        index[62] = 200;
        Refused(index, ImageDecodeReason.Corrupt, "colour 200");
        Refused(BitmapHeader(0, 1, 24, 0, 4), ImageDecodeReason.Corrupt, "0 x 1");
        Refused(BitmapHeader(1, int.MinValue, 24, 0, 4), ImageDecodeReason.Corrupt, "size");
        Refused(BitmapHeader(100, 100, 24, 0, 4), ImageDecodeReason.Corrupt, "cut off");
        Refused(BitmapHeader(1, 1, 7, 0, 4), ImageDecodeReason.UnsupportedFormat, "7 bits");
        Refused(BitmapHeader(8, 8, 8, 0, 64), ImageDecodeReason.Corrupt, "palette");
        var beyond = BitmapHeader(1, 1, 24, 0, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(beyond.AsSpan(10), uint.MaxValue);
        Refused(beyond, ImageDecodeReason.Corrupt, "cut off");
    }

    private void Refused(byte[] bytes, ImageDecodeReason reason, string says)
    {
        var error = Should.Throw<ImageDecodeException>(() => _decoder.DecodeRaster(bytes, "bad.bmp"));
        (error.Reason, error.Message.Contains(says, StringComparison.Ordinal)).ShouldBe((reason, true), error.Message);
    }

    private static void Same(RasterImage image, PixelMode mode, byte[] samples)
    {
        image.Mode.ShouldBe(mode);
        image.Samples.ShouldBe(samples);
    }

    private static byte[] BitmapHeader(int width, int height, int bits, int colours, int pixels)
    {
        var offset = 54 + colours * 4;
        var bytes = new byte[offset + pixels];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
        bytes[26] = 1;
        bytes[28] = (byte)bits;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(46), colours);
        return bytes;
    }
}
