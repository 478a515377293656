// The JSON of an evaluation is a promise to whoever reads it by machine.
using System.Text.Json;
using Duet.Metrics;

namespace Duet.Tests.Evaluation;

public sealed class EvaluationReportTests
{
    private static readonly TaskPredictions Category = TaskPredictions.SingleLabel(
        "category",
        ["shoe", "Öko-Shirt"],
        [0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f],
        [0, 1, 1]
    );

    [Fact]
    public void Has_the_agreed_fields()
    {
        var report = EvaluationReport.Of(
            [Category],
            rows: 3,
            quarantined: 2,
            unseenLabels: new Dictionary<string, int> { ["category"] = 4 }
        );
        using var document = JsonDocument.Parse(report.ToJson());
        var root = document.RootElement;
        root.GetProperty("n").GetInt32().ShouldBe(3);
        root.GetProperty("quarantined").GetInt32().ShouldBe(2);
        var task = root.GetProperty("tasks").GetProperty("category");
        task.GetProperty("n").GetInt32().ShouldBe(3);
        task.GetProperty("accuracy").GetDouble().ShouldBe(2 / 3.0, 1e-12);
        task.GetProperty("macro_f1").GetDouble().ShouldBe(2 / 3.0, 1e-12);
        task.GetProperty("top5").GetDouble().ShouldBe(1);
        task.GetProperty("recall_at_precision").GetProperty("0.90").GetDouble().ShouldBe(2 / 3.0, 1e-12);
        task.GetProperty("recall_at_precision").GetProperty("0.95").GetDouble().ShouldBe(2 / 3.0, 1e-12);
        task.GetProperty("unseen_labels").GetInt32().ShouldBe(4);
        report.MeanAccuracy!.Value.ShouldBe(2 / 3.0, 1e-12);
    }

    [Fact]
    public void Survives_a_round_trip()
    {
        var multi = TaskPredictions.MultiHot("style", ["a", "b"], [0.9f, 0.1f, 0.2f, 0.8f], [1, 0, -1, 1]);
        var report = EvaluationReport.Of([Category, multi], 3, 0) with { Split = "test", TruncatedTexts = 1 };
        var json = report.ToJson();
        json.ShouldContain("Öko-Shirt");
        EvaluationReport.FromJson(json).ToJson().ShouldBe(json);
    }

    [Fact]
    public void Is_the_same_every_time() =>
        EvaluationReport.Of([Category], 3, 0).ToJson().ShouldBe(EvaluationReport.Of([Category], 3, 0).ToJson());

    [Theory]
    [InlineData(0.9, "0.90")]
    [InlineData(0.975, "0.975")]
    [InlineData(1.0, "1.00")]
    public void Precisions_are_keyed_with_two_decimals(double precision, string key) => TaskEvaluator.PrecisionKey(precision).ShouldBe(key);

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Should.Throw<ArgumentException>(() => new EvaluationOptions { Precisions = [1.1] });
        Should.Throw<ArgumentException>(() => new EvaluationOptions { Threshold = 0 });
        Should.Throw<ArgumentException>(() => new EvaluationOptions { Bins = 0 });
        Should.Throw<ArgumentException>(() => new EvaluationOptions { Resamples = 5 });
    }
}
