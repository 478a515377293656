// Corrections of probabilities: that they find what was done to them, and leave alone what they must.
using Duet.Metrics;
using Duet.Metrics.Calibration;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation.Calibration;

public sealed class ProbabilityMapTests
{
    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(3)]
    public void Temperature_scaling_undoes_an_exaggeration(double factor)
    {
        var honest = Simulated.SingleLabel(4000, 5, seed: 1);
        var sure = new ProbabilityMap { Temperature = 1 / factor }.Apply(honest);
        ProbabilityFit.Temperature(sure).ShouldBe(factor, 0.12 * factor);
        var map = ProbabilityFit.Fit(sure, sure.Labelled, CalibrationMethod.Temperature).Map;
        CalibrationMetrics
            .NegativeLogLikelihood(map.Apply(sure))
            .ShouldBeLessThanOrEqualTo(CalibrationMetrics.NegativeLogLikelihood(sure) + 1e-6);
    }

    [Theory]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.Vector)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void Every_method_lowers_the_calibration_error_on_other_rows(CalibrationMethod method)
    {
        foreach (var multiLabel in (bool[])[false, true])
        {
            var honest = multiLabel ? Simulated.MultiLabel(3000, 4, seed: 2) : Simulated.SingleLabel(3000, 4, seed: 2);
            var sure = new ProbabilityMap { Temperature = 0.3 }.Apply(honest);
            var (map, note) = ProbabilityFit.Fit(sure, [.. Enumerable.Range(0, 1500)], method);
            note.ShouldBeNull();
            map.Method.ShouldBe(method);
            map.Validate("t", 4);
            var others = sure.Select([.. Enumerable.Range(1500, 1500)]);
            CalibrationMetrics
                .ExpectedCalibrationError(map.Apply(others))
                .ShouldBeLessThan(0.5 * CalibrationMetrics.ExpectedCalibrationError(others), $"multi-label: {multiLabel}");
        }
    }

    [Fact]
    public void Vector_scaling_finds_the_class_that_is_overrated()
    {
        var honest = Simulated.SingleLabel(4000, 3, seed: 3);
        var wrong = new ProbabilityMap
        {
            Method = CalibrationMethod.Vector,
            Scale = [1, 1, 1],
            Bias = [1.5, 0, 0],
        }.Apply(honest);
        var (map, _) = ProbabilityFit.Fit(wrong, wrong.Labelled, CalibrationMethod.Vector);
        (map.Bias[0] - map.Bias[1]).ShouldBe(-1.5, 0.3);
        CalibrationMetrics
            .ClasswiseCalibrationError(map.Apply(wrong))
            .ShouldBeLessThan(0.3 * CalibrationMetrics.ClasswiseCalibrationError(wrong));
    }

    [Fact]
    public void Few_rows_are_told_and_change_nothing_much()
    {
        var task = Simulated.SingleLabel(30, 4, seed: 4);
        var (none, why) = ProbabilityFit.Fit(task, [.. Enumerable.Range(0, 5)], CalibrationMethod.Temperature);
        none.ShouldBe(ProbabilityMap.Identity);
        why!.ShouldContain("too few");
        var (map, note) = ProbabilityFit.Fit(task, [.. Enumerable.Range(0, 12)], CalibrationMethod.Vector);
        map.Method.ShouldBe(CalibrationMethod.Temperature);
        note!.ShouldContain("temperature scaling was used");
    }

    [Fact]
    public void Distributions_stay_distributions_and_the_likeliest_class_stays()
    {
        var map = Gen.Elements(
            new ProbabilityMap { Temperature = 0.2 },
            new ProbabilityMap { Temperature = 7 },
            new ProbabilityMap
            {
                Method = CalibrationMethod.Isotonic,
                Scores = [0.3, 0.6, 0.9],
                Shares = [0.05, 0.3, 0.8],
            }
        );
        var row = Gen.Choose(0, 1_000_000).Select(seed => Simulated.Distribution(new Random(seed), 5));
        Prop.ForAll(
                map.SelectMany(one => row.Select(values => (one, values))).ToArbitrary(),
                pair =>
                {
                    var changed = pair.values.ToArray();
                    pair.one.Apply(changed, multiLabel: false);
                    var before = Array.IndexOf(pair.values, pair.values.Max());
                    return Math.Abs(changed.Sum() - 1) < 1e-4
                        && changed.All(p => p is >= 0 and <= 1)
                        && Array.IndexOf(changed, changed.Max()) == before;
                }
            )
            .CheckSeeded(300);
    }

    [Fact]
    public void Certain_and_impossible_probabilities_survive()
    {
        foreach (
            var map in (ProbabilityMap[])
                [
                    new() { Temperature = 2.5 },
                    new()
                    {
                        Method = CalibrationMethod.Isotonic,
                        Scores = [0.5],
                        Shares = [0.9],
                    },
                ]
        )
        {
            float[] row = [1, 0, 0];
            map.Apply(row, multiLabel: false);
            row.ShouldAllBe(p => p >= 0 && p <= 1);
            float[] many = [1, 0, 0.5f];
            map.Apply(many, multiLabel: true);
            many.ShouldAllBe(p => p >= 0 && p <= 1);
        }
    }

    [Fact]
    public void Isotonic_regression_pools_violators()
    {
        // The textbook case: 1, 0 violates and is pooled to 1/2.
        var (scores, shares) = IsotonicRegression.Fit([0.1, 0.2, 0.3, 0.4], [false, true, false, true]);
        shares.ShouldBe([0, 0.5, 1]);
        scores.ShouldBe([0.1, 0.25, 0.4]);
        IsotonicRegression.At(scores, shares, 0.175).ShouldBe(0.25, 1e-12);
        IsotonicRegression.At(scores, shares, 0).ShouldBe(0);
        IsotonicRegression.At(scores, shares, 1).ShouldBe(1);
    }

    [Fact]
    public void Isotonic_regression_rises_and_keeps_the_mean() =>
        Prop.ForAll(
                Gen.Choose(0, 20).Select(i => i / 20.0).Zip(Gen.Elements(true, false)).NonEmptyListOf().ToArbitrary(),
                rows =>
                {
                    var (scores, shares) = IsotonicRegression.Fit([.. rows.Select(row => row.Item1)], [.. rows.Select(row => row.Item2)]);
                    return scores.Zip(scores.Skip(1)).All(pair => pair.First < pair.Second)
                        && shares.Zip(shares.Skip(1)).All(pair => pair.First < pair.Second)
                        && rows.Sum(row => IsotonicRegression.At(scores, shares, row.Item1)) is >= 0;
                }
            )
            .CheckSeeded(200);
}
