// How good predictions are in a taxonomy.
using System.Text.Json.Serialization;
using Duet.Data;
using Duet.Metrics.Calibration;

namespace Duet.Metrics.Hierarchy;

/// <summary>
/// Hierarchical figures of a single-label task over its labelled rows. With P the predicted class and all its ancestors and T the same of
/// the true one, summed over rows: hP = sum |P n T| / sum |P|, hR = sum |P n T| / sum |T|, hF their harmonic mean
/// (Kiritchenko et al. 2005; recommended by Silla and Freitas 2011, section 7).
/// </summary>
public sealed record HierarchicalFigures
{
    /// <summary>Labelled rows.</summary>
    public required int N { get; init; }

    /// <summary>hP; null where no row is labelled.</summary>
    public double? Precision { get; init; }

    /// <summary>hR; null where no row is labelled.</summary>
    public double? Recall { get; init; }

    /// <summary>hF; null where no row is labelled.</summary>
    public double? F1 { get; init; }

    /// <summary>Per level, from the roots: of the rows whose true path reaches it, the share whose predicted path has the same category
    /// there.</summary>
    public IReadOnlyList<double> LevelAccuracy { get; init; } = [];

    /// <summary>
    /// The share of rows whose predicted path is the most probable on each of its own levels: every category on it, the predicted class's
    /// own too, has at least the summed probability of every other category of its level. Levels below the predicted class are not looked
    /// at: a class that ends higher up says nothing about them. Null where no row is labelled.
    /// </summary>
    public double? Consistency { get; init; }

    /// <summary>What backing off to ancestors gives; null where the run is not calibrated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BackoffFigures? Backoff { get; init; }

    /// <summary>Measures a task.</summary>
    /// <param name="task">Predictions of a single-label task.</param>
    /// <param name="tree">The places of its classes in the tree.</param>
    /// <exception cref="InvalidOperationException">The task is multi-label.</exception>
    public static HierarchicalFigures Of(TaskPredictions task, ClassTree tree)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(tree);
        task.Require(multiLabel: false);
        long common = 0,
            predicted = 0,
            actual = 0,
            consistent = 0;
        var (right, reached) = (new long[tree.Depth], new long[tree.Depth]);
        foreach (var row in task.Labelled)
        {
            var shared = tree.CommonDepth(task.Prediction(row), task.Label(row));
            var depth = tree.Path(task.Label(row)).Count;
            (common, predicted, actual) = (common + shared, predicted + tree.Path(task.Prediction(row)).Count, actual + depth);
            for (var level = 0; level < depth; level++)
            {
                reached[level]++;
                right[level] += level < shared ? 1 : 0;
            }

            consistent += IsConsistent(tree, task.Row(row), task.Prediction(row)) ? 1 : 0;
        }

        var n = task.Labelled.Count;
        return n == 0
            ? new HierarchicalFigures { N = 0 }
            : new HierarchicalFigures
            {
                N = n,
                Precision = (double)common / predicted,
                Recall = (double)common / actual,
                F1 = 2.0 * common / (predicted + actual),
                LevelAccuracy = [.. right.Zip(reached, (ok, all) => all == 0 ? 0 : (double)ok / all)],
                Consistency = (double)consistent / n,
            };
    }

    private static bool IsConsistent(ClassTree tree, ReadOnlySpan<float> probabilities, int label)
    {
        var sums = tree.Sum(probabilities);
        var best = new double[tree.Depth];
        foreach (var node in tree.Nodes)
        {
            best[node.Depth - 1] = Math.Max(best[node.Depth - 1], sums[node.Index]);
        }

        return tree.Path(label).Select((node, level) => sums[node] >= best[level]).All(likeliest => likeliest);
    }
}
