// Properties of the resampler on pictures of any size, and of the preprocessing around it.
using Duet.Vision;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Vision;

public sealed class ResamplerTests
{
    private static readonly Interpolation[] All = Enum.GetValues<Interpolation>();

    [Fact]
    public void A_plain_picture_stays_plain() =>
        Prop.ForAll(
                Sizes(),
                s =>
                {
                    var colours = new byte[] { 0, 255, 93, 17 };
                    foreach (var interpolation in All)
                    {
                        var samples = Enumerable.Range(0, s.Width * s.Height * s.Bands).Select(i => colours[i % s.Bands]).ToArray();
                        var result = PillowResampler.Resize(
                            samples,
                            s.Width,
                            s.Height,
                            s.Bands,
                            ResizeWindow.Whole(s.NewWidth, s.NewHeight),
                            interpolation
                        );
                        for (var i = 0; i < result.Length; i++)
                        {
                            result[i].ShouldBe(colours[i % s.Bands]);
                        }
                    }
                }
            )
            .CheckSeeded();

    [Fact]
    public void All_but_bicubic_stay_within_the_darkest_and_the_lightest_sample() =>
        Prop.ForAll(
                Sizes(),
                s =>
                {
                    var samples = Noise(s.Width * s.Height * s.Bands, low: 40, high: 200);
                    foreach (var interpolation in All.Where(i => i != Interpolation.Bicubic))
                    {
                        PillowResampler
                            .Resize(samples, s.Width, s.Height, s.Bands, ResizeWindow.Whole(s.NewWidth, s.NewHeight), interpolation)
                            .ShouldAllBe(v => v >= 40 && v < 200);
                    }
                }
            )
            .CheckSeeded();

    [Fact]
    public void A_window_is_that_part_of_the_whole() =>
        Prop.ForAll(
                Sizes(),
                s =>
                {
                    var samples = Noise(s.Width * s.Height * s.Bands, 0, 256);
                    int left = s.NewWidth / 3,
                        top = s.NewHeight / 4,
                        width = s.NewWidth - left,
                        height = Math.Max(s.NewHeight / 2, 1);
                    foreach (var interpolation in All)
                    {
                        var whole = PillowResampler.Resize(
                            samples,
                            s.Width,
                            s.Height,
                            s.Bands,
                            ResizeWindow.Whole(s.NewWidth, s.NewHeight),
                            interpolation
                        );
                        var part = PillowResampler.Resize(
                            samples,
                            s.Width,
                            s.Height,
                            s.Bands,
                            new(s.NewWidth, s.NewHeight, left, top, width, height),
                            interpolation
                        );
                        for (var y = 0; y < height; y++)
                        {
                            part.AsSpan(y * width * s.Bands, width * s.Bands)
                                .SequenceEqual(whole.AsSpan(((y + top) * s.NewWidth + left) * s.Bands, width * s.Bands))
                                .ShouldBeTrue();
                        }
                    }
                }
            )
            .CheckSeeded();

    [Fact]
    public void Bands_are_resized_together_as_each_by_itself() =>
        Prop.ForAll(
                Sizes(),
                s =>
                {
                    var samples = Noise(s.Width * s.Height * s.Bands, 0, 256);
                    var window = new ResizeWindow(s.NewWidth, s.NewHeight, s.NewWidth / 3, 0, s.NewWidth - (s.NewWidth / 3), s.NewHeight);
                    foreach (var interpolation in All)
                    {
                        var together = PillowResampler.Resize(samples, s.Width, s.Height, s.Bands, window, interpolation);
                        for (var band = 0; band < s.Bands; band++)
                        {
                            var alone = samples.Where((_, i) => i % s.Bands == band).ToArray();
                            PillowResampler
                                .Resize(alone, s.Width, s.Height, 1, window, interpolation)
                                .ShouldBe(together.Where((_, i) => i % s.Bands == band));
                        }
                    }
                }
            )
            .CheckSeeded();

    [Fact]
    public void A_sixteen_bit_picture_is_resized_like_an_eight_bit_one_of_the_same_values()
    {
        var grey = Noise(30 * 20, 0, 256);
        var words = grey.SelectMany(v => BitConverter.GetBytes((ushort)v)).ToArray();
        var window = ResizeWindow.Whole(13, 27);
        var eight = RasterResampler.Resize(new(PixelMode.Grey, 30, 20, grey), window, Interpolation.Bicubic).ToRgb();
        var sixteen = RasterResampler.Resize(new(PixelMode.Grey16, 30, 20, words), window, Interpolation.Bicubic).ToRgbLikePillow();
        eight.Pixels.Zip(sixteen.Pixels, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Transparent_pixels_do_not_bleed_into_their_neighbours()
    {
        var samples = new byte[20 * 20 * 4];
        for (var i = 0; i < samples.Length; i += 4)
        {
            var solid = i / 4 % 20 < 10;
            (samples[i], samples[i + 1], samples[i + 3]) = solid ? ((byte)200, (byte)0, (byte)255) : ((byte)0, (byte)255, (byte)0);
        }

        var image = new RasterImage(PixelMode.Rgba, 20, 20, samples);
        var small = RasterResampler.Resize(image, ResizeWindow.Whole(7, 7), Interpolation.Bilinear);
        for (var i = 0; i < small.Samples.Length; i += 4)
        {
            if (small.Samples[i + 3] > 0)
            {
                ((int)small.Samples[i + 1]).ShouldBeLessThan(3);
            }
        }

        image.ToRgb(Rgb24.White).Pixels[^1].ShouldBe((byte)255);
        image.ToRgb().Pixels[^2].ShouldBe((byte)255, "dropped alpha shows the hidden green");
    }

    [Fact]
    public void Longest_keeps_everything_and_pads_around_it()
    {
        var recipe = ImagePreprocessing.Clip(8) with { Resize = ResizeMode.Longest, Fill = 9 };
        var planes = new Preprocessor(recipe).ToRgb8(TestPictures.Plain(16, 6, 100, 100, 100));
        for (var y = 0; y < 8; y++)
        {
            planes[y * 8].ShouldBe(y is >= 2 and < 5 ? (byte)100 : (byte)9);
        }
    }

    [Fact]
    public void The_fast_way_comes_close_to_the_exact_one()
    {
        var jpeg = ImageEncoder.Encode(TestPictures.Draw(500, 400), ImageFormat.Jpeg);
        var recipe = ImagePreprocessing.Clip(64);
        var preprocessor = new Preprocessor(recipe);
        var small = new ImageDecoder(new DecodeOptions { MinimumSide = recipe.DecodeSide }).Decode(jpeg, "p");
        small.Height.ShouldBeLessThan(128);
        var fast = preprocessor.ToRgb8(small);
        var exact = preprocessor.ToRgb8(new ImageDecoder().DecodeRaster(jpeg, "p"));
        fast.Zip(exact, (a, b) => Math.Abs(a - b)).Average().ShouldBeLessThan(2.5);
    }

    [Fact]
    public void Strips_are_prepared_without_making_the_whole_resized_picture()
    {
        var strip = TestPictures.Draw(2000, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        new Preprocessor(ImagePreprocessing.Clip()).ToRgb8(strip).Length.ShouldBe(3 * 224 * 224);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(5_000_000);
    }

    private static byte[] Noise(int length, int low, int high)
    {
        var random = new System.Random(length);
        return Enumerable.Range(0, length).Select(_ => (byte)random.Next(low, high)).ToArray();
    }

    private static Arbitrary<Case> Sizes() =>
        (
            from width in Gen.Choose(1, 40)
            from height in Gen.Choose(1, 40)
            from newWidth in Gen.Choose(1, 60)
            from newHeight in Gen.Choose(1, 60)
            from bands in Gen.Choose(1, 4)
            select new Case(width, height, newWidth, newHeight, bands)
        ).ToArbitrary();

    private sealed record Case(int Width, int Height, int NewWidth, int NewHeight, int Bands);
}
