// Figures by the values of a column, and against another run.
using Duet.Metrics;
using Duet.Metrics.Slices;
using Duet.Tests.Evaluation.Calibration;

namespace Duet.Tests.Evaluation;

public sealed class SliceAndPairTests
{
    [Fact]
    public void Slices_add_up_to_the_whole()
    {
        var task = Simulated.SingleLabel(300, 3, seed: 1);
        string?[] values =
        [
            .. Enumerable
                .Range(0, 300)
                .Select(row =>
                    row % 10 == 0 ? null
                    : row % 3 == 0 ? "de"
                    : "fr"
                ),
        ];
        var slices = ColumnSlices.Of([task], values, 0.5f);
        slices.Rows.Values.Sum().ShouldBe(300);
        slices.Rows.Keys.First().ShouldBe("fr", "the largest slice comes first");
        slices.Rows[ColumnSlices.Empty].ShouldBe(30);
        slices.Tasks["t"].Values.Sum(slice => slice.N * slice.Accuracy!.Value).ShouldBe(300 * SingleLabelMetrics.Accuracy(task), 1e-9);
        var spread = slices.Spread["t"];
        spread.Slices.ShouldBe(3);
        spread.Range.ShouldBe(
            slices.Tasks["t"].Values.Max(slice => slice.Accuracy!.Value) - slices.Tasks["t"].Values.Min(slice => slice.Accuracy!.Value),
            1e-12
        );
    }

    [Fact]
    public void Many_slices_are_pooled_and_small_ones_do_not_spread()
    {
        var task = Simulated.SingleLabel(200, 3, seed: 2);
        var slices = ColumnSlices.Of([task], [.. Enumerable.Range(0, 200).Select(row => $"v{row}")], 0.5f);
        slices.Rows.Count.ShouldBe(ColumnSlices.MaxSlices + 1);
        slices.Rows[ColumnSlices.Others].ShouldBe(150);
        slices.Spread.ShouldBeEmpty();
    }

    [Fact]
    public void Values_that_read_like_names_of_slices_are_slices_of_their_own()
    {
        var task = Simulated.SingleLabel(220, 3, seed: 2);
        string?[] values =
        [
            .. Enumerable
                .Range(0, 220)
                .Select(row =>
                    row < 25 ? ColumnSlices.Others
                    : row < 50 ? ColumnSlices.Empty
                    : row < 80 ? null
                    : $"v{row}"
                ),
        ];
        var slices = ColumnSlices.Of([task], values, 0.5f);
        slices.Rows["'(others)'"].ShouldBe(25);
        slices.Rows["'(empty)'"].ShouldBe(25);
        slices.Rows[ColumnSlices.Empty].ShouldBe(30);
        slices.Rows[ColumnSlices.Others].ShouldBe(220 - 80 - (ColumnSlices.MaxSlices - 3));
        slices.Tasks["t"].Count.ShouldBe(ColumnSlices.MaxSlices + 1);
        slices.Spread["t"].Slices.ShouldBe(3, "the pooled slice does not count, the value of its name does");
    }

    [Fact]
    public void Pairs_are_the_rows_that_both_have()
    {
        var first = TaskPredictions.SingleLabel("t", ["a", "b"], [1, 0, 1, 0, 0, 1, 1, 0], [0, 0, 1, -1]);
        var second = TaskPredictions.SingleLabel("t", ["b", "a"], [0.6f, 0.4f, 1, 0, 1, 0], [1, 1, 0]);
        var other = TaskPredictions.SingleLabel("u", ["a", "b"], [1, 0], [0]);
        var paired = PairedEvaluation.Of(
            "base",
            [first],
            [10, 11, 12, 13],
            [second, other],
            [12, 10, 13],
            new EvaluationOptions { Resamples = 200 }
        );
        var task = paired.Tasks["t"];
        (task.N, task.Accuracy, task.BaselineAccuracy).ShouldBe((2, 1, 0));
        task.McNemar.ShouldBe(new McNemarResult(2, 0, 0.5));
        task.AccuracyDifference!.Difference.Estimate.ShouldBe(1);
        paired.Unpaired.ShouldBe(["u"]);
        task.RecallAtBaselinePrecision.ShouldBe(0, "a baseline without a right answer has no precision to compare at");
    }

    [Fact]
    public void Recall_at_the_baselines_own_precision_is_the_papers_measure()
    {
        var better = Simulated.SingleLabel(500, 4, seed: 3);
        var paired = PairedEvaluation.Of("base", [better], [.. Enumerable.Range(0, 500)], [better], [.. Enumerable.Range(0, 500)]);
        var task = paired.Tasks["t"];
        task.BaselinePrecision!.Value.ShouldBe(task.BaselineAccuracy, 1e-12);
        task.RecallAtBaselinePrecision.ShouldBe(task.BaselineRecall, 1e-12);
        task.AccuracyDifference!.Difference.ShouldBe(new ConfidenceInterval(0, 0, 0, 0.95));
        task.AccuracyDifference.PValue.ShouldBe(1);
    }
}
