// The part of a taxonomy that a task's classes span.
namespace Duet.Data;

/// <summary>The place of each class of a task in the tree, and the ancestors of all. An ancestor's probability is the sum over the classes
/// at and below it.</summary>
public sealed class ClassTree
{
    private readonly Taxonomy _taxonomy;
    private readonly int[] _nodeOfClass;
    private readonly int[][] _chains;

    /// <summary>Creates the tree.</summary>
    /// <param name="paths">The path of every class, in the order of the classes.</param>
    /// <exception cref="TableException">A path is not valid; the message names it.</exception>
    public ClassTree(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _taxonomy = Taxonomy.FromPaths(
            paths.Select((path, i) => path ?? throw new TableException($"Class {i} has no path in the taxonomy."))
        );
        _nodeOfClass = [.. paths.Select(path => _taxonomy.Find(path)!.Index)];
        _chains = [.. _nodeOfClass.Select(Chain)];
    }

    /// <summary>All categories; parents come before their children.</summary>
    public IReadOnlyList<TaxonomyNode> Nodes => _taxonomy.Nodes;

    /// <summary>The number of levels.</summary>
    public int Depth => _taxonomy.Depth;

    /// <summary>The indexes of a class's ancestors from the root down, itself last.</summary>
    public IReadOnlyList<int> Path(int label) => _chains[label];

    /// <summary>How many levels two classes have in common.</summary>
    public int CommonDepth(int first, int second)
    {
        var (a, b) = (_chains[first], _chains[second]);
        var depth = 0;
        while (depth < a.Length && depth < b.Length && a[depth] == b[depth])
        {
            depth++;
        }

        return depth;
    }

    /// <summary>The probability of every category.</summary>
    /// <param name="probabilities"><c>[C]</c>, of the classes.</param>
    /// <returns>One number per node of <see cref="Nodes"/>; a parent's is never below a child's.</returns>
    public double[] Sum(ReadOnlySpan<float> probabilities)
    {
        var sums = new double[Nodes.Count];
        for (var i = 0; i < _nodeOfClass.Length; i++)
        {
            sums[_nodeOfClass[i]] += probabilities[i];
        }

        for (var i = sums.Length - 1; i >= 0; i--)
        {
            if (Nodes[i].Parent is >= 0 and var parent)
            {
                sums[parent] += sums[i];
            }
        }

        return sums;
    }

    private int[] Chain(int node)
    {
        var chain = new int[Nodes[node].Depth];
        for (var i = chain.Length - 1; i >= 0; i--)
        {
            chain[i] = node;
            node = Nodes[node].Parent;
        }

        return chain;
    }
}
