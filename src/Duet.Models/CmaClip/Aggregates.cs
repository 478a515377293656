// One modality's aggregate embeddings: the same for all tasks, or one for each.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>What CMA-CLIP's tasks read of one modality.</summary>
internal sealed class Aggregates
{
    private readonly Tensor? _means;

    private Aggregates(Tensor embedding, Tensor? means = null) => (Embedding, _means) = (embedding, means);

    /// <summary>The modality's embedding, <c>[B, D]</c>; the mean over the tasks where they differ.</summary>
    internal Tensor Embedding { get; }

    /// <summary>One aggregate <c>[B, D]</c> for all tasks.</summary>
    internal static Aggregates Shared(Tensor embedding) => new(embedding);

    /// <summary>An aggregate per task, <c>[B, K, D]</c>.</summary>
    internal static Aggregates PerTask(Tensor means) => new(means.mean([1]), means);

    /// <summary>What a task reads, <c>[B, D]</c>.</summary>
    internal Tensor OfTask(int task) => _means is null ? Embedding : _means.select(1, task);
}
