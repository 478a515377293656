// Tasks read the mean of the patches or tokens.
using Duet.Models.Attention;
using Duet.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>The mean of the patches, or of the tokens that are there.</summary>
internal sealed class MeanAggregator : Aggregator
{
    /// <inheritdoc/>
    internal override Aggregates Of(Tensor tokens, SequenceLayout layout, Func<Tensor, Tensor> normalize) =>
        Aggregates.Shared(
            normalize(
                layout.Present is { } present
                    ? MeanOf(tokens, present.unsqueeze(2).to(tokens.dtype))
                    : tokens.narrow(1, layout.FirstPart, layout.Length - layout.FirstPart).mean([1])
            )
        );

    /// <inheritdoc/>
    internal override Tensor Weights(SequenceLayout layout, RecordedPass pass, int task) =>
        (layout.Present ?? Parts(layout, pass.Batch)).to(ScalarType.Float32);

    private static Tensor Parts(SequenceLayout layout, Batch batch)
    {
        var (before, device) = (layout.FirstPart, batch.Pixels.device);
        return cat([zeros([batch.Size, before], device: device), ones([batch.Size, layout.Length - before], device: device)], 1);
    }

    private static Tensor MeanOf(Tensor tokens, Tensor counted) => (tokens * counted).sum(1) / counted.sum(1);
}
