// Warm-up and cosine by their formulas.
using Duet.Training;

namespace Duet.Tests.Training;

public sealed class LearningRateScheduleTests
{
    private static readonly LearningRateSchedule Schedule = new(2e-3, 100, 0.1, 0.05);

    [Theory]
    [InlineData(0, 2e-4)]
    [InlineData(4, 1e-3)]
    [InlineData(9, 2e-3)]
    [InlineData(10, 2e-3)]
    [InlineData(55, 1.05e-3)]
    [InlineData(100, 1e-4)]
    [InlineData(5000, 1e-4)]
    public void Follows_the_formula(long step, double rate) => Schedule.At(step).ShouldBe(rate, 1e-12);

    [Fact]
    public void Rises_then_falls_and_never_leaves_its_range()
    {
        var rates = Enumerable.Range(0, 100).Select(step => Schedule.At(step)).ToList();
        rates.Take(10).ShouldBeInOrder(SortDirection.Ascending);
        rates.Skip(9).ShouldBeInOrder(SortDirection.Descending);
        rates.ShouldAllBe(rate => rate > 0 && rate <= 2e-3);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 0.9)]
    [InlineData(3, 0.05)]
    public void Short_stages_have_rates_too(long steps, double warmup)
    {
        var schedule = new LearningRateSchedule(1, steps, warmup, 0);
        schedule.At(0).ShouldBe(1);
        for (var step = 0; step < steps; step++)
        {
            schedule.At(step).ShouldBeInRange(0.01, 1);
        }
    }
}
