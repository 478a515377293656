// Each task reads a weighted mean of its own.
using Duet.Models.Attention;
using Duet.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>A weighted mean for each task, by keyless attention.</summary>
/// <param name="pooling">The tasks' vectors.</param>
/// <param name="path">Where they are in the system.</param>
internal sealed class TaskAggregator(KeylessPooling pooling, string path) : Aggregator
{
    /// <inheritdoc/>
    internal override Aggregates Of(Tensor tokens, SequenceLayout layout, Func<Tensor, Tensor> normalize) =>
        Aggregates.PerTask(pooling.Forward(normalize(tokens), layout.Present).Means);

    /// <inheritdoc/>
    internal override Tensor Weights(SequenceLayout layout, RecordedPass pass, int task) =>
        pass.Recorded.Of("weights", path)[0].select(1, task);
}
