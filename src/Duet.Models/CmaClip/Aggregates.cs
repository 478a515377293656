// One modality's aggregate embeddings: the same for all tasks, or one for each.
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>What CMA-CLIP's tasks read of one modality.</summary>
internal sealed class Aggregates
{
    private readonly Tensor? _means;

    private Aggregates(Tensor embedding, Tensor? means = null, Tensor? weights = null) =>
        (Embedding, _means, Weights) = (embedding, means, weights);

    /// <summary>The modality's embedding, <c>[B, D]</c>; the mean over the tasks where they differ.</summary>
    internal Tensor Embedding { get; }

    /// <summary>How much each token counts for each task, <c>[B, K, L]</c>; null where all tasks share one aggregate.</summary>
    internal Tensor? Weights { get; }

    /// <summary>One aggregate <c>[B, D]</c> for all tasks.</summary>
    internal static Aggregates Shared(Tensor embedding) => new(embedding);

    /// <summary>Aggregates <c>[B, K, D]</c> and the weights of the tokens in them.</summary>
    internal static Aggregates PerTask((Tensor Means, Tensor Weights) pooled) => new(pooled.Means.mean([1]), pooled.Means, pooled.Weights);

    /// <summary>What a task reads, <c>[B, D]</c>.</summary>
    internal Tensor OfTask(int task) => _means is null ? Embedding : _means.select(1, task);
}
