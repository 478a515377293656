// From a class that is not sure enough to an ancestor that is.
using Duet.Data;
using Duet.Metrics.Calibration;

namespace Duet.Metrics.Hierarchy;

/// <summary>Backing off along the path of the most probable class.</summary>
public static class Backoff
{
    /// <summary>The probabilities along a class's path, from the root down: each the sum over the classes at and below, so never
    /// rising.</summary>
    /// <param name="tree">The places of the classes in the tree.</param>
    /// <param name="probabilities"><c>[C]</c>.</param>
    /// <param name="label">The class.</param>
    public static double[] Levels(ClassTree tree, ReadOnlySpan<float> probabilities, int label)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var sums = tree.Sum(probabilities);
        return [.. tree.Path(label).Select(node => Math.Min(1, sums[node]))];
    }

    /// <summary>The deepest level that reaches its threshold: 0 for none, the length of the path for the class itself.</summary>
    /// <param name="levels">The probabilities from the root down.</param>
    /// <param name="thresholds">One per level of the taxonomy, the root's first; at least as many as levels.</param>
    public static int Depth(IReadOnlyList<double> levels, IReadOnlyList<PrecisionThreshold> thresholds)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(thresholds);
        var depth = levels.Count;
        while (depth > 0 && !thresholds[depth - 1].Accepts(levels[depth - 1]))
        {
            depth--;
        }

        return depth;
    }
}
