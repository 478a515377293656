// The curve against recall at precision, which is read off it.
using Duet.Metrics;

namespace Duet.Tests.Evaluation;

public sealed class PrecisionRecallCurveTests
{
    [Fact]
    public void A_small_curve_is_right()
    {
        // Confidences .9 right, .8 wrong, .6 right; the fourth row has no label.
        var task = TaskPredictions.SingleLabel("t", ["a", "b"], [0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f, 0.5f, 0.5f], [0, 0, 0, -1]);
        var curve = PrecisionRecallCurve.Of(task);
        curve.Select(point => point.Precision).ShouldBe([1, 0.5, 2 / 3.0], 1e-12);
        curve.Select(point => point.Recall).ShouldBe([1 / 3.0, 1 / 3.0, 2 / 3.0], 1e-12);
        curve.Select(point => point.Coverage).ShouldBe([1 / 3.0, 2 / 3.0, 1], 1e-12);
    }

    [Fact]
    public void Recall_at_precision_is_the_best_point_of_the_curve()
    {
        var random = new Random(5);
        float[] probabilities = [.. Enumerable.Range(0, 300).Select(_ => (float)random.NextDouble()).SelectMany(p => new[] { p, 1 - p })];
        var task = TaskPredictions.SingleLabel(
            "t",
            ["a", "b"],
            probabilities,
            [.. Enumerable.Range(0, 300).Select(i => random.NextDouble() < probabilities[2 * i] ? 0 : 1)]
        );
        foreach (var precision in (double[])[0.7, 0.8, 0.9])
        {
            var best = PrecisionRecallCurve
                .Of(task)
                .Where(point => point.Precision >= precision)
                .Select(point => point.Recall)
                .DefaultIfEmpty(0)
                .Max();
            RecallAtPrecision.OfTask(task, precision).Recall.ShouldBe(best);
        }
    }

    [Fact]
    public void Without_labels_there_is_no_curve() =>
        PrecisionRecallCurve.Of(TaskPredictions.SingleLabel("t", ["a", "b"], [0.9f, 0.1f], [-1])).ShouldBeEmpty();
}
