// Thresholds keep what they promise.
using Duet.Metrics.Calibration;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation.Calibration;

public sealed class ThresholdSearchTests
{
    [Fact]
    public void The_promise_holds_in_simulation()
    {
        // Right with chance q(s) = s^a for a score uniform in (0, 1), so that the precision from t on is (1 - t^(a+1)) / ((a + 1)(1 - t)).
        foreach (var (steepness, precision, confidence) in new[] { (0.3, 0.9, 0.9), (0.05, 0.95, 0.8), (1.5, 0.8, 0.9) })
        {
            const int Trials = 600;
            var (broken, found) = (0, 0);
            for (var seed = 0; seed < Trials; seed++)
            {
                var random = new Random(seed);
                var result = ThresholdSearch.Find(Draw(random, 150, steepness), Draw(random, 350, steepness), precision, confidence);
                if (result.Threshold is { } threshold)
                {
                    found++;
                    broken += TruePrecision(threshold, steepness) < precision ? 1 : 0;
                }
            }

            // Three standard errors above the risk that is allowed.
            var risk = 1 - confidence;
            broken.ShouldBeLessThanOrEqualTo(
                (int)((Trials * risk) + (3 * Math.Sqrt(Trials * risk * confidence))),
                $"steepness {steepness}"
            );
            found.ShouldBeGreaterThan(Trials / 2, "a test that never accepts anything promises nothing");
        }
    }

    [Fact]
    public void An_unordered_model_is_not_accepted()
    {
        // Always right with chance .9, whatever the score: no threshold has precision .95.
        var accepted = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            ScoredDecisions Noise(int count) =>
                new(Enumerable.Range(0, count).Select(_ => (random.NextDouble(), random.NextDouble() < 0.9)).ToArray());
            accepted += ThresholdSearch.Find(Noise(100), Noise(300), 0.95, 0.95).IsReachable ? 1 : 0;
        }

        accepted.ShouldBeLessThanOrEqualTo(26);
    }

    [Fact]
    public void Too_few_rows_are_told()
    {
        var right = new ScoredDecisions(Enumerable.Range(0, 58).Select(i => (0.99, true)));
        var result = ThresholdSearch.Find(right, right, 0.95, 0.95);
        result.IsReachable.ShouldBeFalse();
        result.Reason!.ShouldContain("59 are needed");
        result.Accepts(1).ShouldBeFalse();
    }

    [Fact]
    public void A_perfect_model_is_accepted_throughout()
    {
        var right = new ScoredDecisions(Enumerable.Range(0, 80).Select(i => (i / 100.0, true)));
        var result = ThresholdSearch.Find(right, right, 0.95, 0.95);
        (result.Threshold, result.Accepted, result.Right, result.Coverage).ShouldBe(
            (0, 80, 80, 1),
            "0 is the lowest probability that was seen"
        );
        result.LowerBound!.Value.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Without_a_pilot_only_accepting_all_is_tried()
    {
        var none = new ScoredDecisions([]);
        ThresholdSearch
            .Find(none, new ScoredDecisions(Enumerable.Range(0, 100).Select(i => (i / 100.0, i >= 50))), 0.95, 0.95)
            .IsReachable.ShouldBeFalse();
        ThresholdSearch
            .Find(none, new ScoredDecisions(Enumerable.Range(0, 100).Select(i => (i / 100.0, true))), 0.95, 0.95)
            .Threshold.ShouldBe(0);
    }

    [Fact]
    public void No_threshold_lies_below_what_was_seen()
    {
        // All are right, so everything could be accepted; but nothing is known of answers below .8.
        var sure = new ScoredDecisions(Enumerable.Range(0, 100).Select(i => (0.8 + (i / 1000.0), true)));
        ThresholdSearch.Find(sure, sure, 0.95, 0.95).Threshold.ShouldBe(0.8);
        ThresholdSearch.Find(new ScoredDecisions([]), sure, 0.95, 0.95).Threshold.ShouldBe(0.8);
    }

    [Fact]
    public void What_is_found_is_certified_by_its_own_counts() =>
        Prop.ForAll(
                Gen.Choose(0, 100_000).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    var testing = Draw(random, 200, 0.2);
                    var result = ThresholdSearch.Find(Draw(random, 80, 0.2), testing, 0.8, 0.9);
                    return !result.IsReachable
                        || (
                            testing.At(result.Threshold!.Value) == (result.Accepted, result.Right)
                            && result.Threshold == testing.LowestAccepted(result.Threshold.Value)
                            && result.LowerBound >= 0.8 - 1e-9
                            && result.Reason is null
                        );
                }
            )
            .CheckSeeded(100);

    private static ScoredDecisions Draw(Random random, int count, double steepness) =>
        new(
            Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    var score = random.NextDouble();
                    return (score, random.NextDouble() < Math.Pow(score, steepness));
                })
                .ToArray()
        );

    private static double TruePrecision(double threshold, double steepness) =>
        (1 - Math.Pow(threshold, steepness + 1)) / ((steepness + 1) * (1 - threshold));
}
