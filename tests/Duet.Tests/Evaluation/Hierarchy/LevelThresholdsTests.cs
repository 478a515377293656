// The promises of backing off to ancestors, level by level.
using Duet.Data;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Hierarchy;
using Duet.Tests.Evaluation.Calibration;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Evaluation.Hierarchy;

public sealed class LevelThresholdsTests
{
    private const int Classes = 6;

    // Two roots, three levels; the last class is an inner category.
    private static readonly string[] Paths = ["A > B > C", "A > B > D", "A > E > H", "A > E", "F > G", "F"];
    private static readonly ClassTree Tree = new(Paths);

    [Fact]
    public void The_deepest_level_that_reaches_its_own_threshold_is_answered()
    {
        double[] levels = [0.9, 0.6, 0.3];
        Backoff.Depth(levels, Thresholds(0.95, 0.7, 0.4)).ShouldBe(0);
        Backoff.Depth(levels, Thresholds(0.5, 0.7, 0.4)).ShouldBe(1);
        Backoff.Depth(levels, Thresholds(0.95, 0.6, 0.4)).ShouldBe(2);
        Backoff.Depth(levels, Thresholds(null, null, 0.3)).ShouldBe(3);
        Backoff.Depth([0.9], Thresholds(0.5, 0, 0)).ShouldBe(1, "a short path ends where it ends");
    }

    /// <summary>What was certified is what is answered: the counts of every threshold are those of the answers that end on its level, and
    /// they show the promise.</summary>
    [Fact]
    public void Every_threshold_is_certified_by_the_answers_that_end_on_its_level() =>
        Prop.ForAll(
                Gen.Choose(0, 1_000_000).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    var (precision, confidence) = (0.5 + (0.45 * random.NextDouble()), 0.5 + (0.45 * random.NextDouble()));
                    var tree = new ClassTree([
                        .. Enumerable
                            .Range(0, Classes)
                            .Select(i => string.Join(" > ", Enumerable.Range(0, 1 + random.Next(4)).Select(_ => $"n{random.Next(3)}"))),
                    ]);
                    var task = Simulated.SingleLabel(400, Classes, seed);
                    int[] testing = [.. Enumerable.Range(100, 300)];
                    var thresholds = LevelThresholds.Find(task, tree, Enumerable.Range(0, 100), testing, precision, confidence);
                    var figures = BackoffFigures.Of(task.Select(testing), tree, _ => thresholds, precision);
                    return thresholds.Count == tree.Depth
                        && thresholds
                            .Zip(figures.Levels)
                            .All(pair =>
                                pair.First.IsReachable
                                    ? (pair.First.Accepted, pair.First.Right) == (pair.Second.Answered, pair.Second.Right)
                                        && BinomialBounds.UpperTail(pair.Second.Answered, pair.Second.Right, precision) <= 1 - confidence
                                    : pair.Second.Answered == 0
                            );
                }
            )
            .CheckSeeded(100);

    [Fact]
    public void The_promise_holds_level_by_level_on_new_rows()
    {
        const int Trials = 100;
        const double Target = 0.85;
        var schema = new TaskSchema([new TaskDefinition("t", "t", TaskKind.SingleLabel, Simulated.Names(Classes)) { Paths = Paths }]);
        var (broken, found, together) = (new int[Tree.Depth], new int[Tree.Depth], 0);
        for (var seed = 0; seed < Trials; seed++)
        {
            var made = Calibrator.Calibrate(
                [Simulated.SingleLabel(800, Classes, seed)],
                schema,
                new CalibrationOptions { Precision = Target, Confidence = 0.8 },
                0.5
            )[0];
            made.Levels!.Count.ShouldBe(Tree.Depth);
            var (answered, right) = Expect(made, Simulated.SingleLabel(1000, Classes, 10_000 + seed));
            for (var level = 0; level < Tree.Depth; level++)
            {
                found[level] += made.Levels[level].IsReachable ? 1 : 0;
                broken[level] += right[level] < Target * answered[level] ? 1 : 0;
            }

            together += right.Sum() < Target * answered.Sum() ? 1 : 0;
        }

        // One in five may break; a binomial of 100 with .2 is above 30 with a chance of .6 %.
        broken.ShouldAllBe(count => count <= 30);
        together.ShouldBeLessThanOrEqualTo(30);
        found[0].ShouldBeGreaterThan(Trials / 3);
        found[^1].ShouldBeGreaterThan(Trials / 3);
    }

    [Fact]
    public void A_calibration_of_other_levels_is_refused()
    {
        var task = new TaskDefinition("t", "t", TaskKind.SingleLabel, Simulated.Names(Classes)) { Paths = Paths };
        var schema = new TaskSchema([task]);
        var made = Calibrator.Calibrate([Simulated.SingleLabel(400, Classes, 1)], schema, new CalibrationOptions { Precision = 0.6 }, 0.5);
        var run = new RunCalibration
        {
            WeightsSha256 = new string('0', 64),
            Precision = 0.6,
            Confidence = 0.95,
            Certificates = [Simulated.Certificate(made)],
        };
        run.Validate(schema);
        var other = run with { Certificates = [Simulated.Certificate([made[0] with { Levels = [.. made[0].Levels!.Skip(1)] }])] };
        Should.Throw<Duet.RunException>(() => other.Validate(schema)).Message.ShouldContain("levels");
        Should.Throw<Duet.RunException>(() => run.Validate(new TaskSchema([task with { Paths = null }]))).Message.ShouldContain("levels");
    }

    // Labels are drawn from the very probabilities, so the share of right answers is known without drawing.
    private static (int[] Answered, double[] Right) Expect(TaskCalibration made, TaskPredictions fresh)
    {
        var (answered, right) = (new int[Tree.Depth], new double[Tree.Depth]);
        var corrected = made.Map.Apply(fresh);
        for (var row = 0; row < fresh.Rows; row++)
        {
            var label = corrected.Prediction(row);
            var depth = Backoff.Depth(Backoff.Levels(Tree, corrected.Row(row), label), made.Levels!);
            if (depth > 0)
            {
                answered[depth - 1]++;
                right[depth - 1] += Backoff.Levels(Tree, fresh.Row(row), label)[depth - 1];
            }
        }

        return (answered, right);
    }

    private static PrecisionThreshold[] Thresholds(params double?[] values) =>
        Array.ConvertAll(values, value => new PrecisionThreshold { Threshold = value });
}
