// BERT, RoBERTa and XLM-R as a text tower.
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The last layer's states. The start token sums a text up; a text's embedding is the mean over its tokens.</summary>
internal sealed class BertTextTower(BertEncoder network, ModelContext context) : TextTower(network, network.Options.Width)
{
    /// <inheritdoc/>
    internal override Embedding TokenVectors => network.Embeddings.WordVectors;

    /// <inheritdoc/>
    internal override Tensor Tokens(Batch batch)
    {
        var input = TextInput.Of(batch, context);
        return network.States(input.Tokens, input.Visible);
    }

    /// <inheritdoc/>
    internal override SequenceLayout Layout(Batch batch) =>
        base.Layout(batch) with
        {
            Summary = zeros([batch.Size], dtype: ScalarType.Int64, device: batch.TokenIds.device),
        };
}
