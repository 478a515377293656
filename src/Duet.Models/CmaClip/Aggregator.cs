// How a modality's part of the joint sequence becomes the embedding that the tasks read.
using Duet.Models.Attention;
using Duet.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>Makes one modality's aggregates (<see cref="Aggregation"/>).</summary>
internal abstract class Aggregator
{
    /// <summary>The aggregates of one modality.</summary>
    /// <param name="tokens">Its part of the sequence, <c>[B, N, D]</c>.</param>
    /// <param name="layout">What its positions are.</param>
    /// <param name="normalize">The norm in front of the tasks, on any positions.</param>
    internal abstract Aggregates Of(Tensor tokens, SequenceLayout layout, Func<Tensor, Tensor> normalize);

    /// <summary>How much each position counts for a task, <c>[B, N]</c>.</summary>
    /// <param name="layout">What the positions are.</param>
    /// <param name="pass">The forward pass.</param>
    /// <param name="task">The task.</param>
    internal abstract Tensor Weights(SequenceLayout layout, RecordedPass pass, int task);
}
