// Exact binomial bounds against published figures and against their own definition.
using Duet.Metrics.Calibration;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation.Calibration;

public sealed class BinomialBoundsTests
{
    // Two-sided 95 % Clopper-Pearson intervals as R's binom.test and scipy's binomtest(...).proportion_ci() print them.
    [Theory]
    [InlineData(10, 8, 0.4439045, 0.9747893)]
    [InlineData(20, 20, 0.8315665, 1)]
    [InlineData(100, 95, 0.8871651, 0.9835681)]
    [InlineData(5, 0, 0, 0.5218238)]
    public void Intervals_agree_with_published_ones(int rows, int right, double low, double high)
    {
        var interval = BinomialBounds.Interval(rows, right)!;
        interval.Low.ShouldBe(low, 1e-6);
        interval.High.ShouldBe(high, 1e-6);
    }

    [Fact]
    public void No_rows_give_no_interval() => BinomialBounds.Interval(0, 0).ShouldBeNull();

    [Fact]
    public void Fewest_rows_are_the_first_that_suffice()
    {
        BinomialBounds.MinRows(0.95, 0.95).ShouldBe(59);
        BinomialBounds.Lower(59, 59, 0.95).ShouldBeGreaterThanOrEqualTo(0.95);
        BinomialBounds.Lower(58, 58, 0.95).ShouldBeLessThan(0.95);
    }

    [Fact]
    public void The_tail_is_the_sum_of_its_terms()
    {
        // P(X >= 2; 3, 1/2) = 4/8.
        BinomialBounds.UpperTail(3, 2, 0.5).ShouldBe(0.5, 1e-12);
        BinomialBounds.UpperTail(3, 0, 0.5).ShouldBe(1);
        BinomialBounds.UpperTail(3, 3, 0.5).ShouldBe(0.125, 1e-12);
    }

    [Fact]
    public void Test_and_bound_say_the_same() =>
        Prop.ForAll(
                Gen.Choose(1, 400).SelectMany(rows => Gen.Choose(0, rows).Select(right => (rows, right))).ToArbitrary(),
                pair =>
                {
                    var bound = BinomialBounds.Lower(pair.rows, pair.right, 0.9);
                    return bound is >= 0 and <= 1
                        && (pair.right == 0 || Math.Abs(BinomialBounds.UpperTail(pair.rows, pair.right, bound) - 0.1) < 1e-6)
                        && bound <= (double)pair.right / pair.rows;
                }
            )
            .CheckSeeded(200);

    [Theory]
    [InlineData(3, 4)]
    [InlineData(3, -1)]
    [InlineData(-1, 0)]
    public void Impossible_counts_are_refused(int rows, int right) =>
        Should.Throw<ArgumentOutOfRangeException>(() => BinomialBounds.Lower(rows, right, 0.95));
}
