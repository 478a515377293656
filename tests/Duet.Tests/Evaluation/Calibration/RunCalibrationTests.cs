// A calibration in its run folder: used, checked, and refused where it does not belong.
using System.Text.Json.Nodes;
using Duet.Data;
using Duet.Inference;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Inference;

namespace Duet.Tests.Evaluation.Calibration;

public sealed class RunCalibrationTests : IDisposable
{
    private static readonly ModelUseOptions One = new()
    {
        Threads = 1,
        BatchSize = 16,
        LoaderThreads = 1,
        Calibrated = false,
    };
    private readonly SampleRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_run_is_calibrated_used_and_measured()
    {
        // Half of the colours cannot be known and a random model knows nothing, so a modest promise.
        _run.WriteTable(120);
        var kept = _run.WriteTable(120, "kept.csv");
        RunCalibration made;
        using (var plain = DuetModel.Load(_run.Run.Path, One))
        {
            plain.Classify(null, "a bag").Tasks.ShouldAllBe(answer => answer.Accepted == null);
            made = new RunCalibrator(plain)
                .Calibrate(new TableSource(kept), options: new CalibrationOptions { Precision = 0.2, Confidence = 0.8 })
                .Calibration;
        }

        made.Certificates.Select(certificate => certificate.Pattern.ToString())
            .ShouldBe(["picture and text", "picture alone", "text alone"]);
        made.Certificates.Select(certificate => (certificate.Rows, certificate.Hidden)).ShouldBe([(120, 0), (120, 120), (120, 120)]);
        made.Certificates.ShouldAllBe(certificate =>
            certificate.Tasks.Select(task => task.Task).SequenceEqual(new[] { "category", "color", "tags" })
        );
        made.Rows.ShouldBe(120);
        using var model = DuetModel.Load(_run.Run.Path, One with { Calibrated = true });
        CalibrationFile.ToJson(model.Calibration!).ShouldBe(CalibrationFile.ToJson(made));
        var answer = model.Classify(_run["0.jpg"], "a bag");
        foreach (var task in answer.Tasks)
        {
            task.Decision.ShouldBe(
                answer.Novelty!.IsOutside
                    ? Decision.Unlike
                    : model
                        .Calibration!.Certificates[0][task.Task]
                        .Decide([.. task.Given.Select(given => (given.Label, given.Probability))])
            );
        }

        var result = new Evaluator(model).Evaluate(new TableSource(_run.Table));
        var figures = result.Report.Decisions!["color"];
        figures.Rows.ShouldBe(120);
        figures.EceBefore!.Value.ShouldBe(CalibrationMetrics.ExpectedCalibrationError(result.Uncalibrated[1]));
        figures.EceAfter!.Value.ShouldBe(CalibrationMetrics.ExpectedCalibrationError(result.Predictions[1]));
        figures.Patterns!.Keys.ShouldBe(["picture and text"]);
        figures.Review.Values.Sum().ShouldBe(figures.Rows - figures.Accepted);
        result.Report.Novelty!["picture and text"].Rows.ShouldBe(120);
        var read = EvaluationReport.FromJson(result.Report.ToJson());
        read.ToJson().ShouldBe(result.Report.ToJson());
        (read.Decisions!["color"].Accepted, read.Decisions["color"].Patterns!["picture and text"].Right).ShouldBe(
            (figures.Accepted, figures.Right)
        );
        new Predictor(model).Predict(new TableSource(_run.Table), _run["p.csv"]);
        var lines = File.ReadAllLines(_run["p.csv"]);
        lines[0].ShouldContain("category_decision,category_reason");
        var accepted = result.Report.Decisions["color"].Accepted;
        var column = Array.IndexOf(lines[0].Split(','), "color_decision");
        lines.Skip(1).Count(line => line.Split(',')[column] == "accepted").ShouldBe(accepted);
    }

    [Fact]
    public void Of_the_runs_own_table_only_rows_that_it_has_not_learned_from_count()
    {
        _run.WriteTable(120);
        using var model = DuetModel.Load(_run.Run.Path, One);
        var calibrator = new RunCalibrator(model);
        var (made, _, _) = calibrator.Calibrate(
            new TableSource(_run.Table),
            options: new CalibrationOptions
            {
                Precision = 0.2,
                Confidence = 0.8,
                Method = CalibrationMethod.Isotonic,
                FitShare = 0.4,
                Seed = 9,
            }
        );
        made.Split.ShouldBe("val");
        made.Rows.ShouldBe(new Evaluator(model).Evaluate(new TableSource(_run.Table), "val").Report.N);
        made.Rows.ShouldBeLessThan(60);
        (made.Method, made.FitShare, made.Seed).ShouldBe((CalibrationMethod.Isotonic, 0.4, 9));
        CalibrationFile.ToJson(CalibrationFile.Load(_run.Run, SampleRun.Schema)!).ShouldBe(CalibrationFile.ToJson(made));
        foreach (
            var (path, split) in new[]
            {
                (_run.Table, "train"),
                (Path.Combine(Path.GetDirectoryName(_run.Table)!, ".", "products.csv"), "Training"),
            }
        )
        {
            var error = Should.Throw<OptionException>(() => calibrator.Calibrate(new TableSource(path), split));
            error.Message.ShouldContain(path);
            error.Message.ShouldContain("learned from");
        }

        calibrator.Calibrate(new TableSource(_run.Table), "test").Calibration.Split.ShouldBe("test");
        var other = _run.WriteTable(30, "other.csv");
        calibrator
            .Calibrate(new TableSource(other))
            .Calibration.ShouldSatisfyAllConditions(all => all.Split.ShouldBeNull(), all => all.Rows.ShouldBe(30));
    }

    [Fact]
    public void Files_of_before_have_the_usual_method_share_and_seed()
    {
        var json = JsonNode.Parse(CalibrationFile.ToJson(Made()))!.AsObject();
        foreach (var name in (string[])["method", "fit_share", "seed"])
        {
            json.Remove(name).ShouldBeTrue();
        }

        File.WriteAllText(_run.Run.CalibrationFile, json.ToJsonString());
        var read = CalibrationFile.Load(_run.Run, SampleRun.Schema)!;
        (read.Method, read.FitShare, read.Seed).ShouldBe((CalibrationMethod.Temperature, 0.3, 1));
    }

    [Fact]
    public void Other_weights_are_refused_and_told()
    {
        Save(Made());
        using (DuetModel.Load(_run.Run.Path, One with { Calibrated = true })) { }

        using (var weights = File.OpenWrite(_run.Run.WeightsFile))
        {
            weights.Position = weights.Length - 1;
            weights.WriteByte(1);
        }

        var error = Should.Throw<RunException>(() => CalibrationFile.Load(_run.Run, SampleRun.Schema));
        error.Message.ShouldContain("calibration.json");
        error.Message.ShouldContain("other weights");
        RunInspector.Inspect(_run.Run.Path).CalibrationProblem!.ShouldContain("other weights");
    }

    [Fact]
    public void Another_threshold_of_giving_is_refused()
    {
        Save(Made());
        Should
            .Throw<OptionException>(() => DuetModel.Load(_run.Run.Path, One with { Calibrated = true, Threshold = 0.3f }))
            .Message.ShouldContain("calibrate again");
        DuetModel.Load(_run.Run.Path, One with { Threshold = 0.3f }).Dispose();
    }

    [Theory]
    [InlineData("format_version", "7", "format version 2")]
    [InlineData("precision", "1.5", "not between 0 and 1")]
    [InlineData("fit_share", "0", "fit_share outside")]
    [InlineData("method", "\"magic\"", "damaged")]
    [InlineData("weights_sha256", "\"12\"", "SHA-256")]
    [InlineData("outside", "0", "outside")]
    [InlineData("certificates", "null", "certificate")]
    [InlineData("certificates/0/novelty", "null", "certificate")]
    [InlineData("certificates/0/novelty/limit", "-1", "novelty limit")]
    [InlineData("certificates/0/novelty/embedding/variances", "[]", "novelty limit")]
    [InlineData("certificates/0/tasks", "[]", "other tasks")]
    [InlineData("novelty/text", "{\"tokens\":[[1]],\"pairs\":[]}", "damaged")]
    [InlineData("novelty/picture", "{\"mean\":[1],\"directions\":[],\"variances\":[],\"residual\":1}", "pictures")]
    [InlineData("unknown", "1", "damaged")]
    [InlineData("certificates/0/tasks/0/map/temperature", "-1", "temperature")]
    [InlineData("certificates/0/tasks/0/map/temperature", "\"hot\"", "damaged")]
    [InlineData("certificates/0/tasks/0/map/method", "\"vector\"", "factors")]
    [InlineData("certificates/0/tasks/0/map/method", "\"magic\"", "damaged")]
    [InlineData("certificates/0/tasks/0/map/method", "\"isotonic\"", "curve")]
    [InlineData("certificates/0/tasks/0/map", "null", "other tasks")]
    [InlineData("certificates/0/tasks/0/threshold/threshold", "2", "outside 0 to 1")]
    [InlineData("per_class", "true", "thresholds per class")]
    public void Damage_is_named(string where, string value, string problem)
    {
        var json = JsonNode.Parse(CalibrationFile.ToJson(Made()))!;
        var path = where.Split('/');
        var parent = path[..^1].Aggregate(json, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!);
        parent[path[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_run.Run.CalibrationFile, json.ToJsonString());
        var error = Should.Throw<RunException>(() => CalibrationFile.Load(_run.Run, SampleRun.Schema));
        error.Message.ShouldContain(_run.Run.CalibrationFile);
        error.Message.ShouldContain(problem);
    }

    [Fact]
    public void Thresholds_per_class_decide_by_the_class_that_is_given()
    {
        var own = new TaskCalibration
        {
            Task = "t",
            Map = ProbabilityMap.Identity,
            Threshold = new PrecisionThreshold { Threshold = 0 },
            Classes = new Dictionary<string, PrecisionThreshold>
            {
                ["a"] = new() { Threshold = 0.5 },
                ["b"] = new() { Reason = "few" },
            },
        };
        own.Decide([("a", 0.6)]).ShouldBe(Decision.Accept);
        own.Decide([("a", 0.4)]).ToString().ShouldBe("review: below 0.50");
        own.Decide([("b", 0.9)]).ShouldBe(Decision.NotReachable);
        own.Decide([("a", 0.6), ("b", 0.9)]).ShouldBe(Decision.NotReachable);
        own.Decide([("c", 1)]).ShouldBe(Decision.NotReachable);
        own.Decide([]).ShouldBe(Decision.NothingGiven);
    }

    [Theory]
    [InlineData(0.5, "below 0.50")]
    [InlineData(0.8249, "below 0.83")]
    [InlineData(0.83, "below 0.83")]
    [InlineData(0.99912, "below 0.9992")]
    public void A_threshold_is_shown_so_that_no_answer_seems_to_reach_it(double threshold, string reason) =>
        Decision.Below(threshold).Reason.ShouldBe(reason);

    [Fact]
    public void A_calibration_of_before_certificates_is_read_and_accepts_nothing()
    {
        var made = JsonNode.Parse(CalibrationFile.ToJson(Made()))!.AsObject();
        made["format_version"] = 1;
        made["tasks"] = made["certificates"]![0]!["tasks"]!.DeepClone();
        foreach (var name in (string[])["certificates", "novelty", "outside"])
        {
            made.Remove(name).ShouldBeTrue();
        }

        File.WriteAllText(_run.Run.CalibrationFile, made.ToJsonString());
        _run.WriteTable();
        using var model = DuetModel.Load(_run.Run.Path, One with { Calibrated = true });
        model
            .Classify(_run["0.jpg"], "a bag")
            .Tasks.ShouldAllBe(task => task.Decision!.ToString() == "review: no certificate for picture and text");
        new Evaluator(model)
            .Evaluate(new TableSource(_run.Table))
            .Report.Decisions!["category"]
            .Review.ShouldBe(new Dictionary<string, int> { ["no_certificate"] = 10 });
    }

    [Fact]
    public void The_promise_holds_on_new_rows_whatever_the_method()
    {
        foreach (var method in Enum.GetValues<CalibrationMethod>())
        {
            var (broken, found) = (0, 0);
            for (var seed = 0; seed < 40; seed++)
            {
                var sure = new ProbabilityMap { Temperature = 0.4 }.Apply(Simulated.SingleLabel(700, 4, seed));
                var schema = new TaskSchema([new TaskDefinition("t", "t", TaskKind.SingleLabel, Simulated.Names(4))]);
                var made = Calibrator.Calibrate(
                    [sure],
                    schema,
                    new CalibrationOptions
                    {
                        Precision = 0.8,
                        Confidence = 0.8,
                        Method = method,
                    },
                    0.5
                )[0];
                if (made.Threshold.Threshold is not { } threshold)
                {
                    continue;
                }

                found++;
                var fresh = made.Map.Apply(new ProbabilityMap { Temperature = 0.4 }.Apply(Simulated.SingleLabel(3000, 4, 1000 + seed)));
                var (accepted, right) = ScoredDecisions.OfAnswers(fresh, fresh.Labelled, 0.5).At(threshold);
                broken += right < 0.8 * accepted ? 1 : 0;
            }

            // 40 x .2 = 8 are allowed, and three standard errors.
            broken.ShouldBeLessThanOrEqualTo(15, method.ToString());
            found.ShouldBeGreaterThan(25, method.ToString());
        }
    }

    private RunCalibration Made() =>
        new()
        {
            WeightsSha256 = CalibrationFile.HashOf(_run.Run.WeightsFile),
            Precision = 0.9,
            Confidence = 0.9,
            Novelty = new NoveltyReference
            {
                Picture = GaussianReference.Fit([new float[PictureStatistics.Count], new float[PictureStatistics.Count]], 1),
                Text = TextReference.Of([(1, 2)], [(1, 1, 1)]),
            },
            Certificates =
            [
                Simulated.Certificate([
                    .. SampleRun.Schema.Tasks.Select(task => new TaskCalibration
                    {
                        Task = task.Name,
                        Map = new ProbabilityMap { Temperature = 2 },
                        Threshold = new PrecisionThreshold { Threshold = 0.4 },
                    }),
                ]),
            ],
        };

    private void Save(RunCalibration calibration) => CalibrationFile.Save(calibration, _run.Run);
}
