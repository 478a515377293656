// One line of a name map: which published tensors become which of ours, and how.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>
/// One line of a <see cref="NameMap"/>. Names may hold placeholders: <c>{n}</c> a number, <c>{p:weight|bias}</c> one of the alternatives,
/// <c>{rest*}</c> any text; a target repeats the placeholder by its name (<c>{n}</c>, <c>{p}</c>, <c>{rest}</c>).
/// </summary>
public sealed class NameRule
{
    private readonly NamePattern[] _sources;
    private readonly NamePattern[] _targets;
    private readonly Shaping _shaping;
    private readonly long _dimension;

    private NameRule(string[] sources, string[] targets, Shaping shaping = Shaping.None, long dimension = 0, string? reason = null)
    {
        _sources = Array.ConvertAll(sources, text => new NamePattern(text));
        _targets = Array.ConvertAll(targets, text => new NamePattern(text));
        (_shaping, _dimension, IgnoredBecause) = (shaping, dimension, reason);
    }

    private enum Shaping
    {
        None,
        Transpose,
        Reshape,
        PatchKernel,
    }

    /// <summary>Why the tensor is not needed; null where it is.</summary>
    public string? IgnoredBecause { get; }

    /// <summary>The tensor as it is, under another (or the same) name.</summary>
    public static NameRule Copy(string source, string target) => new([source], [target]);

    /// <summary>The tensor as it is, under the same name.</summary>
    /// <param name="name">A name without placeholder kinds, or with <c>{n}</c> only.</param>
    public static NameRule Same(string name) => new([name], [name]);

    /// <summary>A matrix with its two dimensions exchanged: kernels stored as <c>[inputs, outputs]</c>.</summary>
    public static NameRule Transpose(string source, string target) => new([source], [target], Shaping.Transpose);

    /// <summary>The same elements in the shape our tensor has: a class token stored as <c>[1, 1, D]</c>, say.</summary>
    public static NameRule Reshape(string source, string target) => new([source], [target], Shaping.Reshape);

    /// <summary>The kernel of a patch embedding <c>[D, 3, P, P]</c>, stored so or as a linear layer over patches that are flattened by row,
    /// column and channel, <c>[D, P * P * 3]</c> (SigLIP 2's NaFlex).</summary>
    public static NameRule PatchKernel(string source, string target) => new([source], [target], Shaping.PatchKernel);

    /// <summary>Several tensors joined along one dimension: separate query, key and value weights into one <c>in_proj_weight</c>.</summary>
    /// <param name="sources">The patterns in the order of joining; all bind the same placeholders.</param>
    /// <param name="target">Our tensor.</param>
    /// <param name="dimension">The dimension along which they are joined.</param>
    /// <param name="transpose">Whether each is transposed first.</param>
    public static NameRule Concatenate(string[] sources, string target, long dimension = 0, bool transpose = false) =>
        new(sources, [target], transpose ? Shaping.Transpose : Shaping.None, dimension);

    /// <summary>One tensor cut into equal pieces along one dimension.</summary>
    /// <param name="source">The published tensor.</param>
    /// <param name="targets">Our tensors in the order of the pieces.</param>
    /// <param name="dimension">The dimension that is cut.</param>
    public static NameRule Split(string source, string[] targets, long dimension = 0) => new([source], targets, dimension: dimension);

    /// <summary>A tensor our model has no use for.</summary>
    /// <param name="source">The published tensor.</param>
    /// <param name="reason">Why, for the listing shown to users.</param>
    public static NameRule Ignore(string source, string reason) => new([source], [], reason: reason);

    /// <summary>The concrete names a published name leads to; null where the rule does not cover it.</summary>
    internal (string[] Sources, string[] Targets)? Match(string name)
    {
        foreach (var pattern in _sources)
        {
            if (pattern.Match(name) is { } values)
            {
                return (Fill(_sources, values), Fill(_targets, values));
            }
        }

        return null;
    }

    /// <summary>Our tensors from the published ones.</summary>
    internal Tensor[] Convert(Tensor[] sources, IReadOnlyList<long[]?> wanted)
    {
        if (_targets.Length > 1)
        {
            return sources[0].chunk(_targets.Length, _dimension);
        }

        if (_shaping == Shaping.PatchKernel && sources[0].dim() == 2 && wanted[0] is [var width, var channels, var side, _] kernel)
        {
            return [sources[0].numel() == Count(kernel) ? sources[0].reshape(width, side, side, channels).permute(0, 3, 1, 2) : sources[0]];
        }

        var shaped = Array.ConvertAll(sources, Shape);
        var joined = shaped.Length == 1 ? shaped[0] : cat(shaped, _dimension);
        return [_shaping == Shaping.Reshape && wanted[0] is { } shape && Count(shape) == joined.numel() ? joined.reshape(shape) : joined];
    }

    /// <summary>The published tensors from ours: the inverse of <see cref="Convert"/>.</summary>
    internal Tensor[] Revert(Tensor[] targets, IReadOnlyList<long[]> shapes)
    {
        var joined = targets.Length == 1 ? targets[0] : cat(targets, _dimension);
        if (_shaping == Shaping.PatchKernel && shapes[0].Length == 2)
        {
            return [joined.permute(0, 2, 3, 1).reshape(shapes[0])];
        }

        if (shapes.Count == 1)
        {
            return [Shape(joined).reshape(shapes[0])];
        }

        var along = (int)(_shaping == Shaping.Transpose ? 1 - _dimension : _dimension);
        var result = new Tensor[shapes.Count];
        long start = 0;
        for (var k = 0; k < result.Length; k++)
        {
            var length = shapes[k][along];
            result[k] = Shape(joined.narrow(_dimension, start, length));
            start += length;
        }

        return result;
    }

    private static string[] Fill(NamePattern[] patterns, Dictionary<string, string> values) =>
        Array.ConvertAll(patterns, pattern => pattern.Fill(values));

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private Tensor Shape(Tensor tensor) => _shaping == Shaping.Transpose ? tensor.transpose(0, 1) : tensor;
}
