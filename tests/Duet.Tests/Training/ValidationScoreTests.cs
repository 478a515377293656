// Which epoch's weights are kept.
using Duet.Metrics;
using Duet.Training;

namespace Duet.Tests.Training;

public sealed class ValidationScoreTests
{
    [Fact]
    public void Is_the_mean_over_the_tasks_with_labels_and_its_standard_error()
    {
        var half = TaskPredictions.SingleLabel("half", ["a", "b"], [.9f, .1f, .9f, .1f, .9f, .1f, .9f, .1f], [0, 0, 1, 1]);
        var most = TaskPredictions.SingleLabel("most", ["a", "b"], [.9f, .1f, .9f, .1f, .9f, .1f, .9f, .1f], [0, 0, 0, 1]);
        var none = TaskPredictions.SingleLabel("none", ["a", "b"], [.9f, .1f], [TaskPredictions.Missing]);
        var score = ValidationScore.Of([half, most, none]);
        score.Tasks.ShouldBe(new Dictionary<string, double> { ["half"] = 0.5, ["most"] = 0.75 }, ignoreOrder: true);
        score.Mean.ShouldBe(0.625);
        score.StandardError.ShouldBe(Math.Sqrt((0.5 * 0.5 / 4) + (0.75 * 0.25 / 4)) / 2, 1e-12);
        (ValidationScore.None.Mean, ValidationScore.None.StandardError).ShouldBe((null, 0));
    }

    [Theory]
    [InlineData(null, false, 1, true)]
    [InlineData(0.79, false, 1, true)]
    [InlineData(0.80, false, 1, false)]
    [InlineData(0.80, true, 1, true)]
    [InlineData(0.809, true, 1, true)]
    [InlineData(0.811, true, 1, false)]
    [InlineData(0.811, true, 2, true)]
    [InlineData(0.80, true, 0, false)]
    public void Better_weights_are_kept_and_the_last_ones_where_they_are_as_good(
        double? kept,
        bool last,
        double tolerance,
        bool replaces
    ) => new ValidationScore(new Dictionary<string, double> { ["color"] = 0.8 }, 0.01).Replaces(kept, last, tolerance).ShouldBe(replaces);

    [Fact]
    public void Without_a_validation_split_every_epoch_is_kept() => ValidationScore.None.Replaces(null, last: false, 0).ShouldBeTrue();
}
