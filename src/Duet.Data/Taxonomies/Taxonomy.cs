// A tree of categories.

namespace Duet.Data;

/// <summary>A taxonomy: categories under categories, found by path, by id, or by a name that only one has.</summary>
public sealed class Taxonomy
{
    /// <summary>The separator of the names of a path.</summary>
    public const string Separator = " > ";

    /// <summary>The deepest path that is read; Google's taxonomy has 7 levels.</summary>
    public const int MaxDepth = 32;

    /// <summary>The most categories; Google's taxonomy has 5,595.</summary>
    public const int MaxNodes = 1_000_000;

    /// <summary>The longest name.</summary>
    public const int MaxNameLength = 500;

    private readonly List<TaxonomyNode> _nodes = [];
    private readonly List<TaxonomyProblem> _problems = [];
    private readonly HashSet<int> _parents = [];
    private readonly HashSet<int> _stated = [];
    private readonly Dictionary<string, int> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byName = new(StringComparer.Ordinal);

    /// <summary>All categories; parents come before their children.</summary>
    public IReadOnlyList<TaxonomyNode> Nodes => _nodes;

    /// <summary>What is likely a mistake: lines given twice, ids given twice.</summary>
    public IReadOnlyList<TaxonomyProblem> Problems => _problems;

    /// <summary>The first comment line, as in <c>Google_Product_Taxonomy_Version: 2021-09-21</c>; null where there is none.</summary>
    public string? Title { get; internal set; }

    /// <summary>The number of levels.</summary>
    public int Depth => _nodes.Count == 0 ? 0 : _nodes.Max(node => node.Depth);

    /// <summary>The categories without a parent.</summary>
    public IEnumerable<TaxonomyNode> Roots => _nodes.Where(node => node.Parent < 0);

    /// <summary>The categories without children.</summary>
    public IEnumerable<TaxonomyNode> Leaves => _nodes.Where(node => !_parents.Contains(node.Index));

    /// <summary>Categories that occur only in the paths of others, without their own line.</summary>
    public IEnumerable<TaxonomyNode> Implied => _nodes.Where(node => !_stated.Contains(node.Index));

    /// <summary>Names that several categories have; a label must then be a path or an id.</summary>
    public IEnumerable<string> AmbiguousNames => _byName.Where(name => name.Value.Count > 1).Select(name => name.Key);

    /// <summary>Builds a taxonomy of paths, such as the labels of a column.</summary>
    /// <param name="paths">Paths with <c>&gt;</c> between names; repeats count once.</param>
    /// <exception cref="TableException">A path is too deep or has an empty or too long name; the message names it.</exception>
    public static Taxonomy FromPaths(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var taxonomy = new Taxonomy();
        var line = 0L;
        foreach (var path in paths.Distinct(StringComparer.Ordinal))
        {
            taxonomy.Add(path, id: null, ++line);
        }

        return taxonomy;
    }

    /// <summary>The category that a label means.</summary>
    /// <param name="label">A path, an id, or a name that only one category has.</param>
    /// <returns>The category; null where there is none.</returns>
    /// <exception cref="TableException">Several categories have this name; the message lists some.</exception>
    public TaxonomyNode? Find(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var path = string.Join(Separator, Parts(label));
        if (_byPath.TryGetValue(path, out var index) || _byId.TryGetValue(path, out index))
        {
            return _nodes[index];
        }

        return _byName.GetValueOrDefault(path) switch
        {
            null => null,
            [var only] => _nodes[only],
            var several => throw new TableException(
                $"The label '{label}' names {several.Count} categories "
                    + $"({string.Join("; ", several.Take(3).Select(i => _nodes[i].Path))}); write the whole path or the id."
            ),
        };
    }

    /// <summary>The nearest name to a label that is not there, for messages; null where none is near.</summary>
    public string? Nearest(string label) => NameSuggestion.Nearest(label, _byName.Keys.Concat(_byPath.Keys));

    /// <summary>The names of a path, trimmed.</summary>
    internal static string[] Parts(string path) => path.Split('>', StringSplitOptions.TrimEntries);

    /// <summary>Adds a path and the parents it implies.</summary>
    /// <exception cref="TableException">The path is too deep or has an empty or too long name, or there are too many
    /// categories.</exception>
    internal void Add(string path, string? id, long line)
    {
        var parts = Parts(path);
        if (parts.Length > MaxDepth || Array.Exists(parts, part => part.Length is 0 or > MaxNameLength))
        {
            var shown = path.Length > 80 ? path[..80] + "..." : path;
            throw new TableException(
                $"line {line}: '{shown}' is not a path of 1 to {MaxDepth} names of 1 to {MaxNameLength} characters with '>' between them."
            );
        }

        var parent = -1;
        for (var depth = 1; depth <= parts.Length; depth++)
        {
            parent = Step(string.Join(Separator, parts.AsSpan(0, depth)!), parts[depth - 1], parent, depth, line);
        }

        if (!_stated.Add(parent))
        {
            _problems.Add(new TaxonomyProblem(line, $"'{_nodes[parent].Path}' occurs twice"));
        }

        if (id is not null)
        {
            _nodes[parent] = _nodes[parent] with { Id = id };
            if (!_byId.TryAdd(id, parent) && _byId[id] != parent)
            {
                _problems.Add(new TaxonomyProblem(line, $"the id {id} belongs to '{_nodes[_byId[id]].Path}' already"));
            }
        }
    }

    private int Step(string path, string name, int parent, int depth, long line)
    {
        if (_byPath.TryGetValue(path, out var known))
        {
            return known;
        }

        if (_nodes.Count == MaxNodes)
        {
            throw new TableException($"line {line}: there are more than {MaxNodes} categories.");
        }

        var index = _nodes.Count;
        _nodes.Add(new TaxonomyNode(index, name, path, parent, depth));
        _byPath.Add(path, index);
        if (parent >= 0)
        {
            _parents.Add(parent);
        }

        if (!_byName.TryGetValue(name, out var same))
        {
            _byName.Add(name, same = []);
        }

        same.Add(index);
        return index;
    }
}

/// <summary>A category: its place in the list of all, its name and its parent.</summary>
/// <param name="Index">Its place in <see cref="Taxonomy.Nodes"/>; parents come before their children.</param>
/// <param name="Name">The last part of its path.</param>
/// <param name="Path">The whole path, as in <c>Apparel &gt; Shoes</c>.</param>
/// <param name="Parent">The parent's index; -1 for a root.</param>
/// <param name="Depth">1 for a root.</param>
/// <param name="Id">The id that the file gives it; null where it gives none.</param>
public sealed record TaxonomyNode(int Index, string Name, string Path, int Parent, int Depth, string? Id = null);
