// What a name map made of a checkpoint.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>A checkpoint under our names, and everything that did not fit.</summary>
/// <param name="State">The tensors under our names.</param>
/// <param name="Unmatched">Published names that no rule covers.</param>
/// <param name="Missing">Our names that nothing was found for.</param>
/// <param name="Incomplete">Published names that a rule needs besides others which are there.</param>
/// <param name="Ignored">Published names left out on purpose, each with its reason.</param>
public sealed record MappedState(
    IReadOnlyDictionary<string, Tensor> State,
    IReadOnlyList<string> Unmatched,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Incomplete,
    IReadOnlyList<KeyValuePair<string, string>> Ignored
)
{
    private const int MaxNamesShown = 12;

    /// <summary>Names of <see cref="State"/> that the model has no tensor for.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>The published names, joined by <c>+</c>, that each name of <see cref="State"/> came from.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether every published tensor was understood and every one of ours was found.</summary>
    public bool IsComplete => Unmatched.Count == 0 && Unknown.Count == 0 && Missing.Count == 0 && Incomplete.Count == 0;

    /// <summary>Refuses a checkpoint that did not fit.</summary>
    /// <param name="checkpoint">The checkpoint's name for the message.</param>
    /// <exception cref="ModuleStateException">A name was unmatched, missing or incomplete; the message lists them.</exception>
    public void EnsureComplete(string checkpoint)
    {
        if (!IsComplete)
        {
            throw new ModuleStateException(
                $"{checkpoint} does not fit this model."
                    + List("it holds tensors that are not understood", Unmatched)
                    + List("it holds tensors for parts that the model has not", Unknown)
                    + List("it lacks tensors that the model needs", Missing)
                    + List("it lacks tensors that belong to others it holds", Incomplete)
            );
        }
    }

    private static string List(string what, IReadOnlyList<string> names) =>
        names.Count == 0
            ? string.Empty
            : $" {char.ToUpperInvariant(what[0])}{what[1..]} ({names.Count}): "
                + $"{string.Join(", ", names.Take(MaxNamesShown))}{(names.Count > MaxNamesShown ? ", ..." : string.Empty)}.";
}
