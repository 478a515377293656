// What corruptions do to products.
using Duet.Data;
using Duet.Studies.Robustness;
using Duet.Tests.Vision;
using Duet.Vision;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation.Robustness;

public sealed class CorruptionTests
{
    private static readonly Product[] Products =
    [
        .. Enumerable.Range(1, 40).Select(i => new Product(i, $"p{i}", [$"/pictures/{i}.jpg"], $"word{i} red shoe of leather", ["a"])),
    ];

    public static TheoryData<CorruptionKind> Kinds => [.. Enum.GetValues<CorruptionKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_and_stronger_means_more(CorruptionKind kind)
    {
        var picture = TestPictures.Draw(40, 30, seed: 2);
        var before = -1.0;
        foreach (var strength in Corruption.Levels(kind))
        {
            var corruption = new Corruption(kind, strength);
            var products = CorruptedProducts.Of(Products, corruption, seed: 3);
            Text(products).ShouldBe(Text(CorruptedProducts.Of(Products, corruption, seed: 3)));
            var spoilt = PictureCorruption.Apply(picture, corruption, CorruptedProducts.Draws(3, kind, 7));
            spoilt.Pixels.ShouldBe(PictureCorruption.Apply(picture, corruption, CorruptedProducts.Draws(3, kind, 7)).Pixels);
            var changed = corruption.AltersPixels
                ? picture.Pixels.Zip(spoilt.Pixels, (a, b) => Math.Abs(a - b)).Sum()
                : products.Zip(Products, Difference).Sum();
            changed.ShouldBeGreaterThan(before);
            before = changed;
        }
    }

    [Fact]
    public void Wrong_inputs_are_never_the_product_s_own()
    {
        foreach (var kind in (CorruptionKind[])[CorruptionKind.WrongPicture, CorruptionKind.WrongText])
        {
            var wrong = CorruptedProducts.Of(Products, new Corruption(kind, 1), seed: 5);
            wrong
                .Zip(Products)
                .ShouldAllBe(pair =>
                    kind == CorruptionKind.WrongText ? pair.First.Text != pair.Second.Text : pair.First.Images[0] != pair.Second.Images[0]
                );
            wrong.Zip(Products).ShouldAllBe(pair => pair.First.Labels == pair.Second.Labels && pair.First.Row == pair.Second.Row);
        }
    }

    [Fact]
    public void Nothing_is_taken_from_a_product_that_has_nothing_else()
    {
        Product[] half = [Products[0] with { Text = string.Empty }, Products[1] with { Images = [] }];
        CorruptedProducts.Of(half, new Corruption(CorruptionKind.MissingPicture, 1), 1).ShouldBe(half);
        CorruptedProducts.Of(half, new Corruption(CorruptionKind.MissingText, 1), 1).ShouldBe(half);
    }

    [Fact]
    public void Texts_keep_a_word() =>
        Prop.ForAll<string, ulong>(
                (text, seed) =>
                {
                    foreach (
                        var kind in (CorruptionKind[])[CorruptionKind.WordDrop, CorruptionKind.WordShuffle, CorruptionKind.TruncatedText]
                    )
                    {
                        var spoilt = TextCorruption.Apply(text ?? string.Empty, new Corruption(kind, 0.75), new CounterRandom(seed));
                        string.IsNullOrWhiteSpace(spoilt).ShouldBe(string.IsNullOrWhiteSpace(text));
                    }
                }
            )
            .CheckSeeded();

    [Fact]
    public void Gaussian_noise_has_its_deviation()
    {
        var grey = TestPictures.Plain(100, 100, 128, 128, 128);
        var noisy = PictureCorruption.Apply(grey, new Corruption(CorruptionKind.GaussianNoise, 0.1), new CounterRandom(1));
        noisy.Pixels.Average(value => (double)value).ShouldBe(128, 0.5);
        Math.Sqrt(noisy.Pixels.Average(value => Math.Pow(value - 128, 2))).ShouldBe(25.5, 0.5);
    }

    [Fact]
    public void Occlusion_covers_its_share_and_blur_keeps_the_mean()
    {
        var white = TestPictures.Plain(100, 80, 255, 255, 255);
        var covered = PictureCorruption.Apply(white, new Corruption(CorruptionKind.Occlusion, 0.25), new CounterRandom(1));
        covered.Pixels.Average(value => value == 128 ? 1.0 : 0).ShouldBe(0.25, 0.01);
        var picture = TestPictures.Draw(60, 60, seed: 4);
        var blurred = PictureCorruption.Apply(picture, new Corruption(CorruptionKind.Blur, 0.04), new CounterRandom(1));
        blurred.Pixels.Average(value => (double)value).ShouldBe(picture.Pixels.Average(value => (double)value), 3);
        Roughness(blurred).ShouldBeLessThan(Roughness(picture) / 1.5);
    }

    private static double Roughness(RgbImage image) => image.Pixels.Zip(image.Pixels.Skip(3), (a, b) => Math.Abs(a - b)).Average();

    private static string Text(IEnumerable<Product> products) =>
        string.Join('\n', products.Select(product => $"{product.Text}|{string.Join(',', product.Images)}"));

    private static double Difference(Product after, Product before) =>
        (after.Images.SequenceEqual(before.Images) ? 0 : 1)
        + (after.Text == before.Text ? 0 : 1 + Math.Abs(after.Text.Length - before.Text.Length));
}
