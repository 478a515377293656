// Good pictures in every format, and every kind of bad one.
using System.Buffers.Binary;
using Duet.Vision;

namespace Duet.Tests.Vision;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ImageDecoder _decoder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Bmp)]
    public void Lossless_formats_give_back_the_pixels(ImageFormat format)
    {
        var picture = TestPictures.Draw(37, 23);
        var decoded = _decoder.Decode(Encoded(picture, format), "picture");
        (decoded.Width, decoded.Height).ShouldBe((37, 23));
        decoded.Pixels.ShouldBe(picture.Pixels);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, 12.0)]
    [InlineData(ImageFormat.Gif, 20.0)]
    public void Lossy_formats_come_close(ImageFormat format, double meanError)
    {
        var picture = TestPictures.Draw(64, 48);
        var decoded = _decoder.Decode(Encoded(picture, format), "picture");
        picture.Pixels.Zip(decoded.Pixels, (a, b) => Math.Abs(a - b)).Average().ShouldBeLessThan(meanError);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Bmp)]
    public void One_pixel_is_a_picture_whatever_the_file_is_called(ImageFormat format)
    {
        var path = _folder.Write("picture.txt", Encoded(TestPictures.Plain(1, 1, 200, 100, 50), format));
        var image = new ImageDecoder(new DecodeOptions { MinimumSide = 64 }).Decode(path);
        (image.Width, image.Height).ShouldBe((1, 1));
        ((int)image.Pixels[0]).ShouldBeInRange(190, 210);
        new Preprocessor(ImagePreprocessing.Clip(8)).ToRgb8(_decoder.DecodeRaster(path)).Length.ShouldBe(192);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_missing()
    {
        Refused(() => _decoder.Decode(_folder.File("nowhere.jpg")), ImageDecodeReason.Missing, "nowhere.jpg");
        Refused(() => _decoder.Decode(_folder.FullPath), ImageDecodeReason.Missing, "folder");
    }

    [Fact]
    public void An_empty_file_is_empty() =>
        Refused(() => _decoder.Decode(_folder.Write("empty.jpg", [])), ImageDecodeReason.Empty, "empty.jpg");

    [SkippableFact]
    public void A_device_without_end_is_not_read()
    {
        Skip.IfNot(File.Exists("/dev/zero"), "no /dev/zero on this system");
        Refused(() => _decoder.Decode("/dev/zero"), ImageDecodeReason.Empty, "/dev/zero");
    }

    [Fact]
    public void Text_called_jpg_is_not_an_image() =>
        Refused(
            () => _decoder.Decode(_folder.Write("shoe.jpg", "<html>404 not found</html>"u8.ToArray())),
            ImageDecodeReason.NotAnImage,
            "shoe.jpg"
        );

    [Fact]
    public void Other_picture_formats_are_named()
    {
        Refused(() => _decoder.Decode("II*\0rest of a tiff file"u8, "scan.jpg"), ImageDecodeReason.UnsupportedFormat, "TIFF");
        Refused(
            () => _decoder.Decode("<svg xmlns='http://www.w3.org/2000/svg'/>"u8, "logo.png"),
            ImageDecodeReason.UnsupportedFormat,
            "SVG"
        );
        Refused(() => _decoder.Decode("%PDF-1.7 and so on"u8, "page.png"), ImageDecodeReason.UnsupportedFormat, "PDF");
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Bmp)]
    public void Files_cut_off_anywhere_are_refused_and_never_decoded_in_part(ImageFormat format)
    {
        var whole = Encoded(TestPictures.Draw(120, 90), format);
        foreach (var share in new[] { 0.02, 0.1, 0.3, 0.5, 0.8, 0.95 })
        {
            var cut = whole[..Math.Max((int)(whole.Length * share), 20)];
            var error = Should.Throw<ImageDecodeException>(() => _decoder.Decode(cut, "cut"), $"{format} cut to {share:P0}");
            error.Reason.ShouldBe(ImageDecodeReason.Corrupt, error.Message);
            Should.Throw<ImageDecodeException>(() => _decoder.DecodeRaster(cut, "cut"));
        }
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Bmp)]
    public void Damaged_files_are_decoded_or_refused_but_nothing_else(ImageFormat format)
    {
        var whole = Encoded(TestPictures.Draw(40, 30), format);
        var random = new Random(7);
        for (var trial = 0; trial < 200; trial++)
        {
            var damaged = (byte[])whole.Clone();
            for (var hit = random.Next(1, 8); hit > 0; hit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                _decoder.Decode(damaged, "damaged").Width.ShouldBeGreaterThan(0);
            }
            catch (ImageDecodeException error)
            {
                error.Message.ShouldContain("damaged");
            }
        }
    }

    [Fact]
    public void A_header_that_claims_too_much_is_refused_before_memory_is_set_aside()
    {
        var png = ImageEncoder.Encode(TestPictures.Draw(8, 8), ImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), TestPictures.Crc32(png.AsSpan(12, 17)));
        Refused(() => _decoder.Decode(png, "bomb.png"), ImageDecodeReason.TooLarge, "60000 x 60000");

        var bmp = TestPictures.Bmp(TestPictures.Draw(8, 8));
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 60000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 60000);
        Refused(() => _decoder.Decode(bmp, "bomb.bmp"), ImageDecodeReason.TooLarge, "60000 x 60000");

        var jpeg = ImageEncoder.Encode(TestPictures.Draw(8, 8), ImageFormat.Jpeg);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 60000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 60000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(() => _decoder.Decode(jpeg, "bomb.jpg"), ImageDecodeReason.TooLarge, "60000 x 60000");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void Limits_are_kept_and_have_ranges()
    {
        var png = ImageEncoder.Encode(TestPictures.Draw(100, 50), ImageFormat.Png);
        Refused(() => new ImageDecoder(limits: new() { MaxPixels = 4999 }).Decode(png, "p"), ImageDecodeReason.TooLarge, "100 x 50");
        Refused(() => new ImageDecoder(limits: new() { MaxFileBytes = 1024 }).Decode(png, "p"), ImageDecodeReason.TooLarge, "1024");
        Refused(() => new ImageDecoder(limits: new() { MinimumSide = 51 }).Decode(png, "p"), ImageDecodeReason.TooSmall, "51");
        var strip = ImageEncoder.Encode(TestPictures.Draw(3000, 1), ImageFormat.Png);
        Refused(() => _decoder.Decode(strip, "p"), ImageDecodeReason.ExtremeShape, "2000");
        Should.Throw<ArgumentOutOfRangeException>(() => new DecodeLimits { MaxPixels = 0 }).Message.ShouldContain("MaxPixels");
        Should.Throw<ArgumentOutOfRangeException>(() => new DecodeOptions { MinimumSide = -1 });
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, 64)]
    [InlineData(ImageFormat.Png, 64)]
    [InlineData(ImageFormat.WebP, 64)]
    [InlineData(ImageFormat.Jpeg, 100)]
    [InlineData(ImageFormat.Bmp, 33)]
    public void Shrinking_while_decoding_keeps_the_shorter_side_long_enough(ImageFormat format, int side)
    {
        var picture = TestPictures.Draw(517, 301);
        var image = new ImageDecoder(new DecodeOptions { MinimumSide = side }).Decode(Encoded(picture, format), "p");
        image.Height.ShouldBeInRange(side, 2 * side);
        ((double)image.Width / image.Height).ShouldBe(517.0 / 301, 0.05);
        var expected = PillowResampler.Resize(picture, image.Width, image.Height, Interpolation.Box);
        image.Pixels.Zip(expected.Pixels, (a, b) => Math.Abs(a - b)).Average().ShouldBeLessThan(8);
    }

    [Fact]
    public void The_exif_orientation_is_followed_only_where_asked()
    {
        var picture = TestPictures.Plain(40, 20, 10, 10, 10);
        picture.Pixels.AsSpan(0, 40 * 10 * 3).Fill(240);
        var turned = TestPictures.WithOrientation(ImageEncoder.Encode(picture, ImageFormat.Jpeg), 6);
        var upright = _decoder.Decode(turned, "phone");
        (upright.Width, upright.Height).ShouldBe((20, 40));
        ((int)upright.Pixels[(20 - 2) * 3]).ShouldBeGreaterThan(200, "the upper half has become the right half");
        ((int)upright.Pixels[0]).ShouldBeLessThan(60);
        var lying = _decoder.DecodeRaster(turned, "phone");
        (lying.Width, lying.Height).ShouldBe((40, 20));
    }

    [Fact]
    public void Many_threads_decode_at_once()
    {
        var files = Enumerable.Range(0, 16).Select(i => TestPictures.Draw(60 + i, 50, i)).ToArray();
        Parallel.For(
            0,
            400,
            i =>
            {
                var picture = files[i % files.Length];
                _decoder
                    .Decode(ImageEncoder.Encode(picture, ImageFormat.Png), "p")
                    .Pixels.AsSpan()
                    .SequenceEqual(picture.Pixels)
                    .ShouldBeTrue();
            }
        );
    }

    [Fact]
    public void Written_files_can_be_read_and_leave_nothing_behind()
    {
        var picture = TestPictures.Draw(20, 10);
        ImageEncoder.WritePng(picture, _folder.File("a.png"));
        ImageEncoder.WriteJpeg(picture, _folder.File("a.jpg"), 95);
        _decoder.Decode(_folder.File("a.png")).Pixels.ShouldBe(picture.Pixels);
        _decoder.Decode(_folder.File("a.jpg")).Width.ShouldBe(20);
        Directory.GetFiles(_folder.FullPath).Length.ShouldBe(2);
    }

    private static byte[] Encoded(RgbImage picture, ImageFormat format) =>
        format == ImageFormat.Bmp ? TestPictures.Bmp(picture) : ImageEncoder.Encode(picture, format, 95);

    private static void Refused(Action decode, ImageDecodeReason reason, string says)
    {
        var error = Should.Throw<ImageDecodeException>(decode);
        error.Reason.ShouldBe(reason, error.Message);
        error.Message.ShouldContain(says);
    }
}
