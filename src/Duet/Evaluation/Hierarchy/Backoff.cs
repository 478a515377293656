// From a class that is not sure enough to an ancestor that is.
using Duet.Data;

namespace Duet.Evaluation.Hierarchy;

/// <summary>Backing off along the path of the likeliest class.</summary>
public static class Backoff
{
    /// <summary>The probabilities along a class's path, from the root down: each the sum over the classes at and below, so never rising.</summary>
    /// <param name="tree">Where the classes hang.</param>
    /// <param name="probabilities"><c>[C]</c>.</param>
    /// <param name="label">The class.</param>
    public static double[] Levels(ClassTree tree, ReadOnlySpan<float> probabilities, int label)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var sums = tree.Sum(probabilities);
        return [.. tree.Path(label).Select(node => Math.Min(1, sums[node]))];
    }

    /// <summary>How many levels reach the threshold: 0 for none, the length of the path for the class itself.</summary>
    public static int Depth(IReadOnlyList<double> levels, double threshold)
    {
        ArgumentNullException.ThrowIfNull(levels);
        var depth = levels.Count;
        while (depth > 0 && levels[depth - 1] < threshold)
        {
            depth--;
        }

        return depth;
    }
}
