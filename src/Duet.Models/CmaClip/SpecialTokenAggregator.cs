// Tasks read the position in which the tower sums its input up.
using Duet.Models.Attention;
using Duet.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The position in which the tower sums its input up; the mean where the tower, a residual network, has none.</summary>
internal sealed class SpecialTokenAggregator : Aggregator
{
    private readonly MeanAggregator _otherwise = new();

    /// <inheritdoc/>
    internal override Aggregates Of(Tensor tokens, SequenceLayout layout, Func<Tensor, Tensor> normalize) =>
        layout.Summary is { } summary
            ? Aggregates.Shared(normalize(ClipTextEncoder.Pool(tokens, summary)))
            : _otherwise.Of(tokens, layout, normalize);

    /// <inheritdoc/>
    internal override Tensor Weights(SequenceLayout layout, RecordedPass pass, int task) =>
        layout.Summary is { } summary
            ? nn.functional.one_hot(summary, layout.Length).to(ScalarType.Float32)
            : _otherwise.Weights(layout, pass, task);
}
