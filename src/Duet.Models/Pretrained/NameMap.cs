// The table that turns the tensor names of a published checkpoint into ours, and ours back into the published ones.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>
/// An immutable table of <see cref="NameRule"/>s; the first rule that matches a published name decides. Nothing is dropped silently:
/// what no rule covers, and what the model needs and did not get, is listed in the result.
/// </summary>
/// <example><code>
/// static readonly NameMap Map = new(
///     NameRule.Copy("encoder.layer.{n}.output.{p:weight|bias}", "resblocks.{n}.mlp.c_proj.{p}"),
///     NameRule.Ignore("embeddings.position_ids", "a constant"));
/// </code></example>
public sealed class NameMap
{
    private readonly NameRule[] _rules;
    private readonly NamePattern[] _optional;

    /// <summary>Creates a table.</summary>
    /// <param name="rules">The rules, in the order in which they are tried.</param>
    public NameMap(params ReadOnlySpan<NameRule> rules)
        : this(rules.ToArray(), []) { }

    private NameMap(NameRule[] rules, NamePattern[] optional) => (_rules, _optional) = (rules, optional);

    /// <summary>This table, with our names that a checkpoint may lack (they keep their starting values).</summary>
    /// <param name="names">Patterns of our names, e.g. <c>{rest*}.num_batches_tracked</c>.</param>
    public NameMap WithOptional(params ReadOnlySpan<string> names) =>
        new(_rules, [.. _optional, .. names.ToArray().Select(name => new NamePattern(name))]);

    /// <summary>This table followed by further rules.</summary>
    public NameMap With(params ReadOnlySpan<NameRule> rules) => new([.. _rules, .. rules], _optional);

    /// <summary>Turns published tensors into ours.</summary>
    /// <param name="source">The checkpoint, by published name.</param>
    /// <param name="wanted">The shapes of our tensors by name: <see cref="ShapesOf(Module)"/>.</param>
    /// <exception cref="ModuleStateException">Two published tensors lead to one of ours, or a tensor has a shape that cannot be joined or
    /// cut.</exception>
    public MappedState Apply(IReadOnlyDictionary<string, Tensor> source, IReadOnlyDictionary<string, long[]> wanted)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(wanted);
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        var unmatched = new List<string>();
        var incomplete = new SortedSet<string>(StringComparer.Ordinal);
        var ignored = new List<KeyValuePair<string, string>>();
        foreach (var name in source.Keys.Order(StringComparer.Ordinal))
        {
            if (Find(name) is not { } found)
            {
                unmatched.Add(name);
            }
            else if (found.Rule.IgnoredBecause is { } reason)
            {
                ignored.Add(new(name, reason));
            }
            else if (found.Sources.Where(needed => !source.ContainsKey(needed)).ToArray() is { Length: > 0 } absent)
            {
                incomplete.UnionWith(absent);
            }
            else if (string.Equals(found.Sources[0], name, StringComparison.Ordinal))
            {
                Add(state, found, Array.ConvertAll(found.Sources, needed => source[needed]), wanted);
                Array.ForEach(found.Targets, target => origins[target] = string.Join(" + ", found.Sources));
            }
        }

        var missing = wanted.Keys.Where(name =>
            !state.ContainsKey(name) && !Array.Exists(_optional, pattern => pattern.Match(name) is not null)
        );
        return new(state, unmatched, missing.Order(StringComparer.Ordinal).ToList(), [.. incomplete], ignored)
        {
            Unknown = [.. state.Keys.Where(name => !wanted.ContainsKey(name)).Order(StringComparer.Ordinal)],
            Origins = origins,
        };
    }

    /// <summary>Loads a published checkpoint into a module; every tensor must find its place.</summary>
    /// <param name="module">The model.</param>
    /// <param name="source">The checkpoint, by published name.</param>
    /// <param name="checkpoint">The checkpoint's name for messages.</param>
    /// <returns>What became of every tensor.</returns>
    /// <exception cref="ModuleStateException">A tensor is not understood, missing, or of another shape.</exception>
    public MappedState Load(Module module, IReadOnlyDictionary<string, Tensor> source, string checkpoint)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var mapped = Apply(source, ShapesOf(module));
        mapped.EnsureComplete(checkpoint);
        module.LoadState(mapped.State);
        return mapped with { State = new Dictionary<string, Tensor>(StringComparer.Ordinal) };
    }

    /// <summary>Turns tensors under our names (weights or gradients) back into published ones.</summary>
    /// <param name="ours">Our tensors by name.</param>
    /// <param name="published">The published tensors' shapes by name; those whose counterpart is not in <paramref name="ours"/> are left
    /// out.</param>
    public IReadOnlyDictionary<string, Tensor> ToPublished(
        IReadOnlyDictionary<string, Tensor> ours,
        IReadOnlyDictionary<string, long[]> published
    )
    {
        ArgumentNullException.ThrowIfNull(ours);
        ArgumentNullException.ThrowIfNull(published);
        var result = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var name in published.Keys)
        {
            if (
                Find(name) is { Rule.IgnoredBecause: null } found
                && !result.ContainsKey(name)
                && Array.TrueForAll(found.Targets, ours.ContainsKey)
                && Array.TrueForAll(found.Sources, published.ContainsKey)
            )
            {
                var shapes = Array.ConvertAll(found.Sources, source => published[source]);
                var reverted = found.Rule.Revert(Array.ConvertAll(found.Targets, target => ours[target]), shapes);
                for (var k = 0; k < reverted.Length; k++)
                {
                    result[found.Sources[k]] = reverted[k];
                }
            }
        }

        return result;
    }

    /// <summary>The shapes of a module's parameters and buffers by name.</summary>
    public static IReadOnlyDictionary<string, long[]> ShapesOf(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.NamedState().ToDictionary(tensor => tensor.Key, tensor => tensor.Value.shape, StringComparer.Ordinal);
    }

    /// <summary>The shapes of tensors by name.</summary>
    public static IReadOnlyDictionary<string, long[]> ShapesOf(IReadOnlyDictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return tensors.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.shape, StringComparer.Ordinal);
    }

    private static void Add(
        Dictionary<string, Tensor> state,
        (NameRule Rule, string[] Sources, string[] Targets) found,
        Tensor[] sources,
        IReadOnlyDictionary<string, long[]> wanted
    )
    {
        Tensor[] tensors;
        try
        {
            tensors = found.Rule.Convert(sources, Array.ConvertAll(found.Targets, target => wanted.GetValueOrDefault(target)));
        }
        catch (System.Runtime.InteropServices.ExternalException error)
        {
            throw new ModuleStateException(
                $"'{string.Join("', '", found.Sources)}' cannot become '{string.Join("', '", found.Targets)}': {error.Message}",
                error
            );
        }

        for (var k = 0; k < found.Targets.Length; k++)
        {
            if (!state.TryAdd(found.Targets[k], tensors[k]))
            {
                throw new ModuleStateException(
                    $"'{found.Sources[0]}' leads to '{found.Targets[k]}', which another tensor of the checkpoint has already given."
                );
            }
        }
    }

    private (NameRule Rule, string[] Sources, string[] Targets)? Find(string name)
    {
        foreach (var rule in _rules)
        {
            if (rule.Match(name) is { } match)
            {
                return (rule, match.Sources, match.Targets);
            }
        }

        return null;
    }
}
