// Predictions of a model that knows exactly how sure it may be.
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;

namespace Duet.Tests.Evaluation.Calibration;

/// <summary>Rows whose labels are drawn from the very probabilities that are stated.</summary>
internal static class Simulated
{
    public static float[] Distribution(Random random, int classes)
    {
        var weights = Enumerable.Range(0, classes).Select(_ => Math.Exp(2 * Normal(random))).ToArray();
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    /// <summary>A certificate for products with picture and text that finds nothing strange.</summary>
    public static Certificate Certificate(IReadOnlyList<TaskCalibration> tasks) =>
        new()
        {
            Picture = true,
            Text = true,
            Rows = 100,
            Tasks = tasks,
            Novelty = new NoveltyLimit
            {
                Limit = 1e9,
                EmbeddingScale = 1,
                Embedding = GaussianReference.Fit([new float[64], new float[64]], 1),
                Rows = 70,
                Outside = 0,
            },
        };

    public static TaskPredictions SingleLabel(int rows, int classes, int seed, string name = "t")
    {
        var random = new Random(seed);
        var probabilities = new List<float>();
        var labels = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            var row = Distribution(random, classes);
            probabilities.AddRange(row);
            var left = random.NextDouble();
            while (labels[i] < classes - 1 && (left -= row[labels[i]]) > 0)
            {
                labels[i]++;
            }
        }

        return TaskPredictions.SingleLabel(name, Names(classes), [.. probabilities], labels);
    }

    public static TaskPredictions MultiLabel(int rows, int classes, int seed, string name = "t")
    {
        var random = new Random(seed);
        var probabilities = Enumerable.Range(0, rows * classes).Select(_ => (float)(1 / (1 + Math.Exp(-2 * Normal(random))))).ToArray();
        return TaskPredictions.MultiHot(
            name,
            Names(classes),
            probabilities,
            [.. probabilities.Select(p => random.NextDouble() < p ? 1 : 0)]
        );
    }

    public static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"c{i}")];

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
