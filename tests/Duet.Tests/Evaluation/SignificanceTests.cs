// Intervals and paired tests: right where theory gives the answer, repeatable by seed.
using Duet.Metrics;

namespace Duet.Tests.Evaluation;

public sealed class SignificanceTests
{
    [Fact]
    public void The_interval_of_a_proportion_is_that_of_theory()
    {
        // 80 % of 1000: standard error sqrt(.8 x .2 / 1000) = .01265.
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => i % 5 == 0 ? 0.0 : 1.0)];
        var interval = Bootstrap.MeanInterval(values, seed: 3, resamples: 4000);
        interval.Estimate.ShouldBe(0.8, 1e-12);
        interval.Low.ShouldBe(0.8 - (1.96 * 0.01265), 0.003);
        interval.High.ShouldBe(0.8 + (1.96 * 0.01265), 0.003);
        Bootstrap.MeanInterval(values, seed: 3, resamples: 4000).ShouldBe(interval);
        Bootstrap.MeanInterval(values, seed: 4, resamples: 4000).ShouldNotBe(interval);
    }

    [Fact]
    public void Intervals_cover_the_truth_about_as_often_as_promised()
    {
        var random = new Random(5);
        var covered = 0;
        for (var trial = 0; trial < 300; trial++)
        {
            double[] values = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble() < 0.7 ? 1.0 : 0.0)];
            var interval = Bootstrap.MeanInterval(values, trial, resamples: 300);
            covered += interval.Low <= 0.7 && interval.High >= 0.7 ? 1 : 0;
        }

        covered.ShouldBeInRange(270, 300);
    }

    [Fact]
    public void Equal_systems_do_not_differ()
    {
        bool[] right = [.. Enumerable.Range(0, 50).Select(i => i % 3 == 0)];
        Significance.McNemar(right, right).ShouldBe(new McNemarResult(0, 0, 1));
        var values = Array.ConvertAll(right, value => value ? 1.0 : 0.0);
        var difference = Significance.PairedBootstrap(values, values, seed: 1);
        difference.PValue.ShouldBe(1);
        difference.Difference.Low.ShouldBe(0);
    }

    [Fact]
    public void A_clear_difference_is_seen()
    {
        double[] first = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? 0.0 : 1.0)];
        double[] second = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? 0.0 : 1.0)];
        var difference = Significance.PairedBootstrap(first, second, seed: 1);
        difference.Difference.Estimate.ShouldBe(first.Average() - second.Average(), 1e-12);
        difference.Difference.Low.ShouldBeGreaterThan(0);
        difference.PValue.ShouldBeLessThan(0.01);
    }

    [Fact]
    public void McNemar_does_not_underflow_on_large_tables()
    {
        var first = new bool[40_000];
        var second = new bool[40_000];
        Array.Fill(first, true, 0, 20_000);
        Array.Fill(second, true, 20_000, 20_000);
        Significance.McNemar(first, second).PValue.ShouldBe(1, 1e-9);
        Array.Fill(first, true, 0, 21_000);
        Array.Clear(second, 20_000, 1_000);
        Significance.McNemar(first, second).PValue.ShouldBeInRange(1e-40, 1e-15);
    }

    [Fact]
    public void Rows_that_do_not_pair_up_and_silly_numbers_are_refused()
    {
        Should.Throw<ArgumentException>(() => Significance.McNemar([true], [true, false]));
        Should.Throw<ArgumentException>(() => Significance.PairedBootstrap([1.0], [1.0, 0], 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([], 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1.0], 1, resamples: 10));
        Should.Throw<ArgumentOutOfRangeException>(() => Bootstrap.MeanInterval([1.0], 1, level: 1));
    }
}
