// Tasks read the position in which the tower sums its input up.
using Duet.Models.Attention;
using Duet.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The position in which the tower sums its input up.</summary>
internal sealed class SpecialTokenAggregator : Aggregator
{
    /// <inheritdoc/>
    internal override Aggregates Of(Tensor tokens, SequenceLayout layout, Func<Tensor, Tensor> normalize) =>
        Aggregates.Shared(normalize(ClipTextEncoder.Pool(tokens, layout.Summary)));

    /// <inheritdoc/>
    internal override Tensor Weights(SequenceLayout layout, ForwardPass pass, int task) =>
        nn.functional.one_hot(layout.Summary, layout.Length).to(ScalarType.Float32);
}
