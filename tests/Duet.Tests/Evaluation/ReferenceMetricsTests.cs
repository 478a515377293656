// Every metric against scikit-learn, SciPy and NumPy (benchmarks/peers/metrics_reference.py made the file).
using System.Text.Json;
using Duet.Metrics;

namespace Duet.Tests.Evaluation;

public sealed class ReferenceMetricsTests
{
    private const double Tolerance = 1e-6;

    private static readonly JsonElement[] Cases = [.. Load().GetProperty("cases").EnumerateArray()];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Figures_agree(string name)
    {
        var item = Cases.Single(candidate => candidate.GetProperty("name").GetString() == name);
        var task = Task(item);
        var metrics = TaskEvaluator.Evaluate(task, new EvaluationOptions { Precisions = [0.5, 0.8, 0.9, 0.95, 1.0], Resamples = 100 });
        var report = new EvaluationReport
        {
            Tasks = new Dictionary<string, TaskMetrics> { [name] = metrics },
            N = task.Rows,
            Quarantined = 0,
        };
        using var document = JsonDocument.Parse(report.ToJson());
        var written = document.RootElement.GetProperty("tasks").GetProperty(name);
        foreach (var expected in item.GetProperty("expected").EnumerateObject())
        {
            switch (expected.Name)
            {
                case "top2":
                    SingleLabelMetrics.TopK(task, 2).ShouldBe(expected.Value.GetDouble(), Tolerance);
                    break;
                case "confusion":
                    CompareConfusion(ConfusionMatrix.Of(task), expected.Value);
                    break;
                case "mcnemar":
                    CompareMcNemar(SingleLabelMetrics.Correct(task), item, expected.Value);
                    break;
                case "class_f1":
                    metrics
                        .PerClass.Select(scores => scores.F1)
                        .ShouldBe(expected.Value.EnumerateArray().Select(value => value.GetDouble()), Tolerance);
                    break;
                case "class_recall_at_precision":
                    foreach (var (scores, at) in metrics.PerClass.Zip(expected.Value.EnumerateArray()))
                    {
                        scores.RecallAtPrecision.Count.ShouldBe(5);
                        at.EnumerateObject()
                            .ToList()
                            .ForEach(point =>
                                scores
                                    .RecallAtPrecision[point.Name]
                                    .ShouldBe(point.Value.GetDouble(), Tolerance, $"{scores.Class} {point.Name}")
                            );
                    }

                    break;
                case "recall_at_precision" or "class_mean_recall_at_precision":
                    foreach (var point in expected.Value.EnumerateObject())
                    {
                        written
                            .GetProperty(expected.Name)
                            .GetProperty(point.Name)
                            .GetDouble()
                            .ShouldBe(point.Value.GetDouble(), Tolerance, $"{expected.Name} {point.Name}");
                    }

                    break;
                default:
                    written.GetProperty(expected.Name).GetDouble().ShouldBe(expected.Value.GetDouble(), Tolerance, expected.Name);
                    break;
            }
        }
    }

    private static void CompareConfusion(ConfusionMatrix matrix, JsonElement expected)
    {
        for (var i = 0; i < matrix.Classes.Count; i++)
        {
            for (var j = 0; j < matrix.Classes.Count; j++)
            {
                matrix[i, j].ShouldBe(expected[i][j].GetInt64());
            }
        }
    }

    private static void CompareMcNemar(bool[] right, JsonElement item, JsonElement expected)
    {
        bool[] other = [.. item.GetProperty("other_right").EnumerateArray().Select(value => value.GetInt32() == 1)];
        var result = Significance.McNemar(right, other);
        result.OnlyFirst.ShouldBe(expected.GetProperty("only_first").GetInt64());
        result.OnlySecond.ShouldBe(expected.GetProperty("only_second").GetInt64());
        result.PValue.ShouldBe(expected.GetProperty("p_value").GetDouble(), Tolerance);
    }

    private static TaskPredictions Task(JsonElement item)
    {
        string[] classes = [.. Enumerable.Range(0, item.GetProperty("classes").GetInt32()).Select(i => $"c{i}")];
        float[] probabilities = [.. item.GetProperty("probabilities").EnumerateArray().Select(value => value.GetSingle())];
        int[] labels = [.. item.GetProperty("labels").EnumerateArray().Select(value => value.GetInt32())];
        var name = item.GetProperty("name").GetString()!;
        return item.GetProperty("multi_label").GetBoolean()
            ? TaskPredictions.MultiHot(name, classes, probabilities, labels)
            : TaskPredictions.SingleLabel(name, classes, probabilities, labels);
    }

    private static JsonElement Load()
    {
        using var stream = typeof(ReferenceMetricsTests).Assembly.GetManifestResourceStream("reference_metrics.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
