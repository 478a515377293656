// What makes a product unlike a catalogue, and where the limit lies.
using Duet.Metrics.Novelty;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation.Novelty;

public sealed class NoveltyTests
{
    private const int Side = 32;

    [Fact]
    public void With_all_directions_the_distance_is_Mahalanobis()
    {
        // Independent coordinates with standard deviations 1 and 3.
        var random = new Random(1);
        var reference = GaussianReference.Fit(
            [.. Enumerable.Range(0, 20_000).Select(_ => (float[])[Normal(random), 3 * Normal(random)])],
            2
        );
        reference.Distance([0, 0]).ShouldBeInRange(0, 0.1);
        reference.Distance([2, 0]).ShouldBe(2, 0.1);
        reference.Distance([0, 6]).ShouldBe(2, 0.1);
        reference.IsValid(2).ShouldBeTrue();
        reference.IsValid(3).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => reference.Distance([1]));
        Should.Throw<ArgumentException>(() =>
            GaussianReference.Fit(
                [
                    [1f],
                ],
                1
            )
        );
    }

    [Fact]
    public void Directions_that_are_not_kept_count_with_their_mean_variance()
    {
        var random = new Random(2);
        float[] Draw() => [10 * Normal(random), .. Enumerable.Range(0, 9).Select(_ => Normal(random))];
        var reference = GaussianReference.Fit([.. Enumerable.Range(0, 5000).Select(_ => Draw())], 1);
        reference.Directions.Count.ShouldBe(1);
        var strange = new float[10];
        strange[5] = 8;
        reference.Distance(strange).ShouldBeGreaterThan(5);
        strange = new float[10];
        strange[0] = 8;
        reference.Distance(strange).ShouldBeLessThan(1.5);
    }

    [Fact]
    public void Unknown_and_shuffled_tokens_surprise()
    {
        var reference = new TextReference();
        foreach (var _ in Enumerable.Range(0, 50))
        {
            reference.Add([1, 10, 11, 12, 2]);
        }

        var usual = reference.Surprisal([1, 10, 11, 12, 2]);
        reference.Surprisal([1, 12, 11, 10, 2]).ShouldBeGreaterThan(usual + 1);
        reference.Surprisal([1, 97, 98, 99, 2]).ShouldBeGreaterThan(usual + 3);
        reference.Surprisal([1]).ShouldBe(0);
    }

    [Fact]
    public void A_texts_own_counts_can_be_left_out() =>
        Prop.ForAll(
                Gen.Choose(0, 1_000_000).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    int[][] texts =
                    [
                        .. Enumerable
                            .Range(0, 8)
                            .Select(_ => Enumerable.Range(0, 2 + random.Next(5)).Select(_ => random.Next(6)).ToArray()),
                    ];
                    var (all, others) = (new TextReference(), new TextReference());
                    Array.ForEach(texts, text => all.Add(text));
                    Array.ForEach(texts[1..], text => others.Add(text));
                    return Math.Abs(all.SurprisalOfOwn(texts[0]) - others.Surprisal(texts[0])) < 1e-12
                        && all.Tokens.Sum(token => token.Count) == texts.Sum(text => text.Length);
                }
            )
            .CheckSeeded(100);

    [Fact]
    public void Statistics_tell_noise_and_plain_colours_from_pictures()
    {
        var random = new Random(3);
        var reference = GaussianReference.Fit(
            [.. Enumerable.Range(0, 120).Select(_ => PictureStatistics.Of(Scene(random), Side))],
            PictureStatistics.Count
        );
        var usual = Enumerable.Range(0, 60).Max(_ => reference.Distance(PictureStatistics.Of(Scene(random), Side)));
        var noise = new byte[3 * Side * Side];
        random.NextBytes(noise);
        var plain = new byte[3 * Side * Side];
        Array.Fill(plain, (byte)128);
        reference.Distance(PictureStatistics.Of(noise, Side)).ShouldBeGreaterThan(2 * usual);
        reference.Distance(PictureStatistics.Of(plain, Side)).ShouldBeGreaterThan(usual);
        PictureStatistics.Of([1, 2, 3], 1).Length.ShouldBe(PictureStatistics.Count, "even of a single pixel");
        PictureStatistics.Of(noise, Side).ShouldAllBe(value => float.IsFinite(value));
    }

    [Fact]
    public void About_the_asked_share_of_new_products_lies_beyond_the_limit()
    {
        var random = new Random(4);
        NoveltyInput Draw() =>
            new(null, null, null, [.. Enumerable.Range(0, 16).Select(i => (float)Math.Exp(0.3 * Normal(random)) * (i + 1))]);
        var (outside, asked) = (0, 0.05);
        for (var trial = 0; trial < 20; trial++)
        {
            var limit = NoveltyLimit.Find(
                new NoveltyReference(),
                [.. Enumerable.Range(0, 100).Select(_ => Draw())],
                [.. Enumerable.Range(0, 400).Select(_ => Draw())],
                _ => false,
                asked
            );
            limit.Outside.ShouldBeLessThanOrEqualTo(20);
            limit.IsValid().ShouldBeTrue();
            outside += Enumerable.Range(0, 500).Count(_ => limit.Score(new NoveltyReference(), Draw()).IsOutside);
        }

        // 10,000 x .05 = 500; the limits' own chance makes the count's standard deviation about 55.
        outside.ShouldBeInRange(330, 670);
    }

    [Fact]
    public void With_few_rows_nothing_that_was_seen_lies_beyond_the_limit()
    {
        var random = new Random(5);
        NoveltyInput Draw() => new(null, null, null, [Normal(random), Normal(random)]);
        NoveltyInput[] certifying = [.. Enumerable.Range(0, 30).Select(_ => Draw())];
        var limit = NoveltyLimit.Find(new NoveltyReference(), [Draw(), Draw(), Draw()], certifying, _ => false, 0.01);
        limit.Outside.ShouldBe(0);
        certifying.ShouldAllBe(row => !limit.Score(new NoveltyReference(), row).IsOutside);
        var strange = limit.Score(new NoveltyReference(), new NoveltyInput(null, null, null, [100, 100]));
        strange.IsOutside.ShouldBeTrue();
        strange.Part.ShouldBe("product");
    }

    [Fact]
    public void A_picture_that_had_to_be_enlarged_is_strange_where_others_had_not()
    {
        NoveltyInput Draw(double enlargement) => new(new float[PictureStatistics.Count], enlargement, null, [1, 2]);
        NoveltyLimit Limit(Func<int, double> enlargement) =>
            NoveltyLimit.Find(
                new NoveltyReference(),
                [Draw(1), Draw(1)],
                [.. Enumerable.Range(0, 200).Select(i => Draw(enlargement(i)))],
                _ => false,
                0.01
            );
        var large = Limit(_ => 1);
        large.Score(new NoveltyReference(), Draw(1)).IsOutside.ShouldBeFalse();
        var score = large.Score(new NoveltyReference(), Draw(1.6));
        (score.IsOutside, score.Part).ShouldBe((true, "picture"));
        Limit(i => i % 10 == 0 ? 1.6 : 1)
            .Score(new NoveltyReference(), Draw(1.6))
            .IsOutside.ShouldBeFalse("a tenth of the catalogue is so small");
    }

    // Soft shapes of one colour on a light ground, as catalogues have them.
    private static byte[] Scene(Random random)
    {
        var pixels = new byte[3 * Side * Side];
        var (x, y, radius) = (random.Next(10, 22), random.Next(10, 22), random.Next(6, 12));
        var color = new byte[3];
        random.NextBytes(color);
        for (var i = 0; i < Side * Side; i++)
        {
            var distance = Math.Sqrt(Math.Pow((i % Side) - x, 2) + Math.Pow((i / Side) - y, 2));
            var inside = 1 / (1 + Math.Exp(distance - radius));
            for (var band = 0; band < 3; band++)
            {
                pixels[(band * Side * Side) + i] = (byte)
                    Math.Clamp((inside * color[band]) + ((1 - inside) * 240) + random.Next(-3, 4), 0, 255);
            }
        }

        return pixels;
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
