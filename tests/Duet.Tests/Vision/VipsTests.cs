// What libvips may do in Duet's process: four loaders, strict about damage, one picture's message at a time.
using System.Buffers.Binary;
using Duet.Vision;
using NetVips;

namespace Duet.Tests.Vision;

public sealed class VipsTests
{
    private readonly ImageDecoder _decoder = new();

    [Fact]
    public void Every_other_loader_is_blocked()
    {
        _decoder.Decode(ImageEncoder.Encode(TestPictures.Draw(8, 8), ImageFormat.Png), "p").Width.ShouldBe(8);
        using var picture = Image.Black(8, 8, bands: 3).Copy(interpretation: Enums.Interpretation.Srgb);
        Refused(picture.TiffsaveBuffer());
        Refused(picture.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1));
        Refused("<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"u8.ToArray());
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a.v", "a.csv", "a.tif" })
        {
            picture.WriteToFile(folder.File(name));
            Should.Throw<VipsException>(() => Image.NewFromFile(folder.File(name)).Dispose(), name);
        }

        static void Refused(byte[] bytes) => Should.Throw<VipsException>(() => Image.NewFromBuffer(bytes).Dispose());
    }

    [Fact]
    public void A_png_whose_check_sum_is_wrong_is_refused()
    {
        var png = ImageEncoder.Encode(TestPictures.Draw(40, 30), ImageFormat.Png);
        var end = png.AsSpan().LastIndexOf("IEND"u8);

        // Before the last chunk's length lies the check sum of the pixels.
        png[end - 5] ^= 1;
        Should.Throw<ImageDecodeException>(() => _decoder.Decode(png, "p")).Reason.ShouldBe(ImageDecodeReason.Corrupt);
    }

    [Fact]
    public void An_error_does_not_repeat_what_was_said_about_an_earlier_picture()
    {
        var odd = ImageEncoder.Encode(TestPictures.Draw(40, 30), ImageFormat.Jpeg);
        var second = 4 + BinaryPrimitives.ReadUInt16BigEndian(odd.AsSpan(4));
        odd = [.. odd[..second], 0, 0, 0, .. odd[second..]];
        var cut = ImageEncoder.Encode(TestPictures.Draw(40, 30), ImageFormat.Png)[..200];

        // Tests run side by side and libvips has one buffer for all: one clean error among some shows that it was emptied.
        Enumerable.Range(0, 20).Any(_ => IsClean()).ShouldBeTrue();

        bool IsClean()
        {
            _decoder.Decode(odd, "odd").Width.ShouldBe(40);
            return !Should
                .Throw<ImageDecodeException>(() => _decoder.Decode(cut, "cut"))
                .Message.Contains("extraneous", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Large_pictures_are_read_in_strips_without_seams()
    {
        var picture = TestPictures.Draw(900, 331);
        foreach (var format in new[] { ImageFormat.Png, ImageFormat.WebP })
        {
            _decoder.Decode(ImageEncoder.Encode(picture, format), "p").Pixels.AsSpan().SequenceEqual(picture.Pixels).ShouldBeTrue();
        }
    }
}
