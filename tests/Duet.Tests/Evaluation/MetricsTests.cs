// Metrics on cases small enough to compute by hand, at their edges, and their invariants.
using Duet.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation;

public sealed class MetricsTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    // Predictions a, b, c, a with confidences .9, .8, .6, .5; right: yes, yes, no, no; the last row is not labelled.
    private static readonly TaskPredictions Small = TaskPredictions.SingleLabel(
        "small",
        Three,
        [0.9f, 0.1f, 0, 0.2f, 0.8f, 0, 0.3f, 0.1f, 0.6f, 0.5f, 0.3f, 0.2f, 1, 0, 0],
        [0, 1, 0, 2, -1]
    );

    [Fact]
    public void Missing_labels_are_masked()
    {
        Small.Labelled.ShouldBe([0, 1, 2, 3]);
        SingleLabelMetrics.Accuracy(Small).ShouldBe(0.5);
        TaskEvaluator.Evaluate(Small).N.ShouldBe(4);
    }

    [Fact]
    public void Top_k_counts_the_rank_of_the_true_class()
    {
        SingleLabelMetrics.TopK(Small, 2).ShouldBe(0.75);
        SingleLabelMetrics.TopK(Small, 3).ShouldBe(1);
        var constant = TaskPredictions.SingleLabel("t", ["a", "b"], [0.5f, 0.5f, 0.5f, 0.5f], [0, 1]);
        SingleLabelMetrics.Accuracy(constant).ShouldBe(0.5, "a tie goes to the first class, not to the true one");
    }

    [Fact]
    public void Recall_at_precision_takes_the_lowest_threshold_that_keeps_the_promise()
    {
        var point = RecallAtPrecision.OfTask(Small, 0.9);
        point.Recall.ShouldBe(0.5);
        point.Precision.ShouldBe(1);
        point.Threshold!.Value.ShouldBe(0.8, 1e-6);
        point.Coverage.ShouldBe(0.5);
        RecallAtPrecision.OfTask(Small, 0.5).Recall.ShouldBe(0.5);
        var hopeless = TaskPredictions.SingleLabel("h", ["a", "b"], [1, 0], [1]);
        RecallAtPrecision.OfTask(hopeless, 0.1).ShouldBe(OperatingPoint.None);
        Should.Throw<ArgumentOutOfRangeException>(() => RecallAtPrecision.OfTask(Small, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => RecallAtPrecision.OfTask(Small, double.NaN));
    }

    [Fact]
    public void Equal_scores_are_accepted_together()
    {
        var point = RecallAtPrecision.Find([0.9f, 0.9f, 0.5f], [true, false, true], 2, 0.6);
        point.Threshold.ShouldBe(0.5f);
        point.Recall.ShouldBe(1);
        RecallAtPrecision.Find([0.9f, 0.9f], [true, false], 1, 0.6).ShouldBe(OperatingPoint.None);
    }

    [Fact]
    public void Recall_per_class_uses_the_class_threshold()
    {
        RecallAtPrecision.OfClass(Small, 0, 1).Recall.ShouldBe(0.5);
        RecallAtPrecision.OfClass(Small, 1, 1).Recall.ShouldBe(1);
        RecallAtPrecision.OfClass(Small, 2, 1).Recall.ShouldBe(0);
        RecallAtPrecision.ClassMean(Small, 1).ShouldBe(0.5);
    }

    [Fact]
    public void Recall_at_the_baselines_own_precision()
    {
        // The baseline is right on 2 of 3 (precision 2/3 at threshold 0); the system on all.
        var baseline = TaskPredictions.SingleLabel("t", ["a", "b"], [0.9f, 0.1f, 0.8f, 0.2f, 0.7f, 0.3f], [0, 0, 1]);
        var system = TaskPredictions.SingleLabel("t", ["a", "b"], [0.9f, 0.1f, 0.8f, 0.2f, 0.3f, 0.7f], [0, 0, 1]);
        var (better, own) = RecallAtPrecision.AtBaselinePrecision(system, baseline);
        own.Precision.ShouldBe(2 / 3.0, 1e-12);
        own.Recall.ShouldBe(2 / 3.0, 1e-12);
        better.Recall.ShouldBe(1);
        RecallAtPrecision.AtBaselinePrecision(baseline, baseline).System.Recall.ShouldBe(2 / 3.0, 1e-12);
        RecallAtPrecision.AtBaselinePrecision(system, baseline, 0.75).Baseline.Precision.ShouldBe(1);
        Should.Throw<ArgumentException>(() => RecallAtPrecision.AtBaselinePrecision(Small, baseline));
    }

    [Fact]
    public void Calibration_by_hand()
    {
        // Two bins: (0, .5] holds confidence .5 wrong; (.5, 1] holds .9, .8 right and .6 wrong.
        var curve = CalibrationMetrics.Reliability(Small, 2);
        curve.Select(bin => bin.Count).ShouldBe([1L, 3L]);
        curve[1].Accuracy.ShouldBe(2 / 3.0, 1e-7);
        CalibrationMetrics.ExpectedCalibrationError(Small, 2).ShouldBe((0.25 * 0.5) + (0.75 * Math.Abs((2 / 3.0) - (2.3 / 3))), 1e-6);
        CalibrationMetrics.Brier(TaskPredictions.SingleLabel("b", ["a", "b"], [0, 1], [0])).ShouldBe(2);
        CalibrationMetrics
            .NegativeLogLikelihood(TaskPredictions.SingleLabel("b", ["a", "b"], [0, 1], [0]))
            .ShouldBe(-Math.Log(CalibrationMetrics.SmallestProbability), 1e-9);
    }

    [Fact]
    public void An_accuracy_of_all_or_nothing_is_no_certainty()
    {
        // 50 of 50: the exact lower bound is .025^(1/50).
        var right = TaskPredictions.SingleLabel(
            "t",
            ["a", "b"],
            [.. Enumerable.Repeat<float[]>([1, 0], 50).SelectMany(row => row)],
            new int[50]
        );
        var interval = TaskEvaluator.Evaluate(right).AccuracyInterval!;
        (interval.Estimate, interval.High, interval.Level).ShouldBe((1, 1, 0.95));
        interval.Low.ShouldBe(Math.Pow(0.025, 1 / 50.0), 1e-12);
        var wrong = TaskPredictions.SingleLabel("t", ["a", "b"], [1, 0, 1, 0], [1, 1]);
        var none = TaskEvaluator.Evaluate(wrong).AccuracyInterval!;
        (none.Estimate, none.Low).ShouldBe((0, 0));
        none.High.ShouldBe(1 - Math.Sqrt(0.025), 1e-12);
        TaskEvaluator
            .Evaluate(TaskPredictions.MultiHot("m", ["a"], [0.9f, 0.8f], [1, 1]))
            .AccuracyInterval!.Low.ShouldBe(Math.Sqrt(0.025), 1e-12);

        // Anything between is still a bootstrap.
        TaskEvaluator.Evaluate(Small).AccuracyInterval.ShouldBe(Bootstrap.MeanInterval([1, 1, 0, 0], new EvaluationOptions().Seed));
    }

    [Fact]
    public void A_class_that_occurs_nowhere_counts_as_0_only_in_multi_label_tasks()
    {
        // a is right on both rows, b is neither true nor given, c is not labelled at all and so is no part of it.
        var multi = TaskPredictions.MultiHot("m", Three, [0.9f, 0.1f, 0.9f, 0.8f, 0.2f, 0.1f], [1, 0, -1, 1, 0, -1]);
        MultiLabelMetrics.Macro(multi, 0.5f).ShouldBe(new AverageScores(0.5, 0.5, 0.5));
        TaskEvaluator.Evaluate(multi).MacroF1.ShouldBe(0.5);
        Duet.Metrics.Slices.ColumnSlices.Of([multi], ["x", "x"], 0.5f).Tasks["m"]["x"].MacroF1.ShouldBe(0.5);
        TaskEvaluator.Evaluate(TaskPredictions.SingleLabel("s", Three, [1, 0, 0, 1, 0, 0], [0, 0])).MacroF1.ShouldBe(1);
    }

    [Fact]
    public void Confusion_lists_the_pairs_that_occur()
    {
        TaskEvaluator.Evaluate(Small).Confusion.ShouldBe([new("a", "a", 1), new("a", "c", 1), new("b", "b", 1), new("c", "a", 1)]);
        TaskEvaluator.Evaluate(TaskPredictions.MultiHot("m", ["a"], [0.9f], [1])).Confusion.ShouldBeNull();
    }

    [Fact]
    public void Nothing_labelled_gives_null_not_zero()
    {
        var task = TaskPredictions.SingleLabel("t", Three, [1, 0, 0], [-1]);
        var metrics = TaskEvaluator.Evaluate(task, unseenLabels: 1);
        metrics.N.ShouldBe(0);
        metrics.UnseenLabels.ShouldBe(1);
        metrics.Accuracy.ShouldBeNull();
        metrics.MacroF1.ShouldBeNull();
        metrics.Ece.ShouldBeNull();
        metrics.RocAuc.ShouldBeNull();
        metrics.AccuracyInterval.ShouldBeNull();
        var empty = TaskEvaluator.Evaluate(TaskPredictions.MultiHot("m", Three, [], []));
        empty.N.ShouldBe(0);
        empty.Accuracy.ShouldBeNull();
        empty.MicroF1.ShouldBeNull();
    }

    [Fact]
    public void One_class_only_has_no_ranking()
    {
        var metrics = TaskEvaluator.Evaluate(TaskPredictions.SingleLabel("one", ["a"], [1, 1], [0, 0]));
        metrics.Accuracy.ShouldBe(1);
        metrics.RocAuc.ShouldBeNull();
        metrics.MacroF1.ShouldBe(1);
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.6f }, new[] { 0 }, "sum to")]
    [InlineData(new[] { float.NaN, 0.6f }, new[] { 0 }, "not a probability")]
    [InlineData(new[] { -0.1f, 1.1f }, new[] { 0 }, "not a probability")]
    [InlineData(new[] { 0.5f, 0.5f }, new[] { 2 }, "label 2")]
    [InlineData(new[] { 0.5f, 0.5f }, new[] { -2 }, "label -2")]
    [InlineData(new[] { 0.5f, 0.5f, 1f }, new[] { 0 }, "do not fit")]
    [InlineData(new[] { 0.5f, 0.5f }, new[] { 0, 1 }, "do not fit")]
    public void Wrong_input_is_refused(float[] probabilities, int[] labels, string message)
    {
        Should
            .Throw<ArgumentException>(() => TaskPredictions.SingleLabel("color", ["a", "b"], probabilities, labels))
            .Message.ShouldContain(message);
    }

    [Fact]
    public void The_other_kind_of_task_is_refused()
    {
        var multi = TaskPredictions.MultiHot("m", ["a"], [0.5f], [1]);
        Should.Throw<InvalidOperationException>(() => SingleLabelMetrics.Accuracy(multi));
        Should.Throw<InvalidOperationException>(() => MultiLabelMetrics.Micro(Small, 0.5f));
        Should.Throw<ArgumentException>(() => TaskPredictions.MultiHot("m", ["a"], [0.5f], [2]));
    }

    [Fact]
    public void Metrics_keep_their_bounds_and_do_not_depend_on_row_order()
    {
        Prop.ForAll(
                ArbMap.Default.GeneratorFor<int>().ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    var task = RandomTask(random, [.. Enumerable.Range(0, random.Next(1, 40))]);
                    var metrics = TaskEvaluator.Evaluate(task, new EvaluationOptions { Resamples = 0 });
                    foreach (
                        var value in new[]
                        {
                            metrics.Accuracy,
                            metrics.MacroF1,
                            metrics.Top5,
                            metrics.RocAuc,
                            metrics.MeanAveragePrecision,
                            metrics.Ece,
                            metrics.ClasswiseEce,
                        }
                    )
                    {
                        (value ?? 0).ShouldBeInRange(0, 1);
                    }

                    metrics.RecallAtPrecision["0.90"].ShouldBeLessThanOrEqualTo(metrics.Accuracy ?? 0);
                    metrics.RecallAtPrecision["0.95"].ShouldBeLessThanOrEqualTo(metrics.RecallAtPrecision["0.90"]);

                    var order = Enumerable.Range(0, task.Rows).ToArray();
                    random.Shuffle(order);
                    var shuffled = TaskEvaluator.Evaluate(Reordered(task, order), new EvaluationOptions { Resamples = 0 });
                    (shuffled.Nll ?? 0).ShouldBe(metrics.Nll ?? 0, 1e-9);
                    (shuffled.RocAuc ?? 0).ShouldBe(metrics.RocAuc ?? 0, 1e-9);
                    shuffled.RecallAtPrecision["0.90"].ShouldBe(metrics.RecallAtPrecision["0.90"]);
                }
            )
            .CheckSeeded();
    }

    private static TaskPredictions RandomTask(Random random, int[] rows)
    {
        var probabilities = new float[rows.Length * 3];
        foreach (var row in rows)
        {
            double a = random.NextDouble(),
                b = random.NextDouble() * (1 - a);
            (probabilities[row * 3], probabilities[(row * 3) + 1], probabilities[(row * 3) + 2]) = ((float)a, (float)b, (float)(1 - a - b));
        }

        return TaskPredictions.SingleLabel("r", Three, probabilities, [.. rows.Select(_ => random.Next(-1, 3))]);
    }

    private static TaskPredictions Reordered(TaskPredictions task, int[] order) =>
        TaskPredictions.SingleLabel(
            task.Name,
            task.Classes,
            [.. order.SelectMany(row => task.Row(row).ToArray())],
            [.. order.Select(task.Label)]
        );
}
