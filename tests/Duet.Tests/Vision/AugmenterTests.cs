// Augmentation: repeatable, within bounds, and doing what each option says.
using Duet.Vision;

namespace Duet.Tests.Vision;

public sealed class AugmenterTests
{
    private static readonly Augmentation Everything = new()
    {
        MaxShift = 0.1,
        Brightness = 0.3,
        Contrast = 0.3,
        Saturation = 0.3,
        Hue = 0.1,
        ErasingProbability = 0.5,
        NoiseProbability = 0.5,
    };

    [Fact]
    public void The_same_seed_epoch_and_row_give_the_same_picture_in_any_order_and_thread()
    {
        var image = TestPictures.Draw(90, 80);
        var augmenter = new Augmenter(Everything, 32);
        var inOrder = Enumerable.Range(0, 64).Select(row => Apply(augmenter, image, row)).ToArray();
        Parallel.For(0, 64, i => Apply(new Augmenter(Everything, 32), image, 63 - i).ShouldBe(inOrder[63 - i]));
        inOrder.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count().ShouldBe(64);
        Apply(augmenter, image, 5, epoch: 2).ShouldNotBe(inOrder[5]);
        Apply(augmenter, image, 5, seed: 8).ShouldNotBe(inOrder[5]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(300, 2)]
    [InlineData(17, 19)]
    [InlineData(500, 400)]
    public void Any_shape_of_picture_is_filled_completely_and_a_plain_one_stays_plain(int width, int height)
    {
        var image = TestPictures.Plain(width, height, 250, 130, 3);
        var options = new Augmentation { MaxShift = 0.3 };
        foreach (var size in new[] { 1, 7, 32 })
        {
            for (var row = 0; row < 20; row++)
            {
                var planes = Apply(new Augmenter(options, size), image, row);
                planes.AsSpan(0, size * size).IndexOfAnyExcept((byte)250).ShouldBe(-1);
                planes.AsSpan(size * size, size * size).IndexOfAnyExcept((byte)130).ShouldBe(-1);
                planes.AsSpan(2 * size * size).IndexOfAnyExcept((byte)3).ShouldBe(-1);
            }
        }
    }

    [Theory]
    [InlineData(64, 64, 64)]
    [InlineData(80, 80, 64)]
    [InlineData(200, 200, 64)]
    [InlineData(20, 20, 64)]
    public void Without_changes_it_is_the_evaluation_resize(int width, int height, int size)
    {
        var image = TestPictures.Draw(width, height);
        var actual = Apply(new Augmenter(Augmentation.None, size), image, 0);
        var recipe = new ImagePreprocessing { Size = size, Interpolation = Interpolation.Bilinear };
        var expected = new Preprocessor(recipe).ToRgb8(image);
        actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_flip_mirrors()
    {
        var image = TestPictures.Draw(40, 40);
        var plain = Apply(new Augmenter(Augmentation.None, 24), image, 0);
        var mirrored = Apply(new Augmenter(Augmentation.None with { FlipProbability = 1 }, 24), image, 0);
        for (var i = 0; i < plain.Length; i++)
        {
            mirrored[i / 24 * 24 + 23 - i % 24].ShouldBe(plain[i]);
        }
    }

    [Fact]
    public void Half_of_the_pictures_are_flipped_at_one_half()
    {
        var image = TestPictures.Draw(8, 8);
        var plain = Apply(new Augmenter(Augmentation.None, 8), image, 0);
        var augmenter = new Augmenter(Augmentation.None with { FlipProbability = 0.5 }, 8);
        Enumerable.Range(0, 2000).Count(row => !Apply(augmenter, image, row).AsSpan().SequenceEqual(plain)).ShouldBeInRange(900, 1100);
    }

    [Fact]
    public void Brightness_scales_and_hue_and_saturation_leave_greys_grey()
    {
        var grey = TestPictures.Plain(16, 16, 100, 100, 100);
        var toned = Apply(new Augmenter(Augmentation.None with { Hue = 0.5, Saturation = 1, Contrast = 1 }, 8), grey, 3);
        toned.ShouldAllBe(v => v >= 99 && v <= 101);

        var bright = new Augmenter(Augmentation.None with { Brightness = 0.5 }, 8);
        var levels = Enumerable.Range(0, 500).Select(row => (int)Apply(bright, grey, row)[0]).ToArray();
        levels.Min().ShouldBeInRange(50, 55);
        levels.Max().ShouldBeInRange(145, 150);

        var red = Apply(new Augmenter(Augmentation.None with { Hue = 0.5 }, 8), TestPictures.Plain(16, 16, 200, 20, 20), 1);
        (red[0] + red[64] + red[128]).ShouldBeInRange(200, 280, "a turn of the wheel keeps the sum, but for clipping");
        red[0].ShouldNotBe((byte)200);
    }

    [Fact]
    public void Erasing_paints_one_rectangle_of_the_wanted_area()
    {
        var image = TestPictures.Plain(32, 32, 0, 0, 0);
        var options = Augmentation.None with
        {
            ErasingProbability = 1,
            ErasingArea = new(0.25, 0.25),
            ErasingRatio = new(1, 1),
            ErasingFill = Rgb24.White,
        };
        var planes = Apply(new Augmenter(options, 32), image, 9);
        planes.Count(v => v == 255).ShouldBe(3 * 16 * 16);
        planes.Count(v => v == 0).ShouldBe(3 * (32 * 32 - 16 * 16));
    }

    [Fact]
    public void Noise_has_the_wanted_strength_in_every_channel()
    {
        var image = TestPictures.Plain(64, 64, 60, 128, 190);
        var augmenter = new Augmenter(Augmentation.None with { NoiseProbability = 1, NoiseDeviation = new(0.05, 0.05) }, 64);
        foreach (var (plane, colour) in Apply(augmenter, image, 9).Chunk(64 * 64).Zip([60, 128, 190]))
        {
            var noise = plane.Select(sample => (double)sample - colour).ToArray();
            noise.Average().ShouldBe(0, 1);
            Math.Sqrt(noise.Average(one => one * one)).ShouldBe(0.05 * 255, 0.6);
        }
    }

    [Fact]
    public void Noise_comes_as_often_and_as_strong_as_wanted()
    {
        var image = TestPictures.Plain(16, 16, 128, 128, 128);
        var augmenter = new Augmenter(Augmentation.None with { NoiseProbability = 0.3, NoiseDeviation = new(0.02, 0.2) }, 16);
        var strengths = Enumerable
            .Range(0, 1000)
            .Select(row => Apply(augmenter, image, row))
            .Select(planes => Math.Sqrt(planes.Average(sample => (sample - 128.0) * (sample - 128.0))) / 255)
            .Where(strength => strength > 0)
            .ToArray();
        strengths.Length.ShouldBeInRange(250, 350);
        strengths.Min().ShouldBeInRange(0.01, 0.04);
        strengths.Max().ShouldBeInRange(0.17, 0.23);
    }

    [Fact]
    public void Nothing_is_allocated_per_picture()
    {
        var image = TestPictures.Draw(80, 80);
        var augmenter = new Augmenter(new(), 64);
        var planes = new byte[augmenter.Length];
        for (var row = 0; row < 50; row++)
        {
            augmenter.Apply(image, 1, 0, row, planes);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var row = 0; row < 100; row++)
        {
            augmenter.Apply(image, 1, 0, row, planes);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Fact]
    public void Options_have_ranges()
    {
        Should
            .Throw<ArgumentOutOfRangeException>(() => new Augmentation { FlipProbability = 1.1 })
            .Message.ShouldContain("FlipProbability");
        Should.Throw<ArgumentOutOfRangeException>(() => new Augmentation { CropScale = new(0.9, 0.5) }).Message.ShouldContain("CropScale");
        Should.Throw<ArgumentOutOfRangeException>(() => new Augmentation { Hue = double.NaN });
        Should
            .Throw<ArgumentOutOfRangeException>(() => new Augmentation { NoiseProbability = 1.1 })
            .Message.ShouldContain("NoiseProbability");
        Should
            .Throw<ArgumentOutOfRangeException>(() => new Augmentation { NoiseDeviation = new(0, 1.1) })
            .Message.ShouldContain("NoiseDeviation");
        Should.Throw<ArgumentException>(() => new Augmenter(new(), 8).Apply(TestPictures.Draw(4, 4), 0, 0, 0, new byte[5]));
    }

    private static byte[] Apply(Augmenter augmenter, RgbImage image, long row, long epoch = 1, ulong seed = 7)
    {
        var planes = new byte[augmenter.Length];
        augmenter.Apply(image, seed, epoch, row, planes);
        return planes;
    }
}
