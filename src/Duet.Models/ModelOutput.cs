// The output of every system.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>What a system says about a batch.</summary>
/// <param name="Logits">Per task, <c>[B, C]</c>.</param>
public sealed record ModelOutput(IReadOnlyList<Tensor> Logits)
{
    /// <summary>One vector per picture, <c>[B, D]</c>; null where the system has none.</summary>
    public Tensor? ImageEmbedding { get; init; }

    /// <summary>One vector per text, <c>[B, D]</c>; null where the system has none.</summary>
    public Tensor? TextEmbedding { get; init; }

    /// <summary>One vector per product, <c>[B, D]</c>.</summary>
    public Tensor? JointEmbedding { get; init; }

    /// <summary>Per task how much picture and text weighed, <c>[B, 2]</c> with rows that sum to 1 (picture first); null where the system
    /// has none.</summary>
    public IReadOnlyList<Tensor>? ModalityShares { get; init; }

    /// <summary>A loss the system adds while training (a caption's, say), <c>[]</c>; null where it has none.</summary>
    public Tensor? AuxiliaryLoss { get; init; }
}
