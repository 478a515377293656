// The encoder of T5 and mT5 as a text tower.
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The last states. T5 knows no start token; the end token sums a text up, and its embedding is the mean over its
/// tokens.</summary>
internal sealed class T5TextTower(T5Encoder network, ModelContext context) : TextTower(network, network.Options.Width)
{
    /// <summary>For training from scratch on a CPU.</summary>
    internal static T5Options Small { get; } =
        new()
        {
            Width = 192,
            Layers = 2,
            Heads = 3,
            MlpWidth = 384,
        };

    /// <inheritdoc/>
    internal override Embedding TokenVectors => network.WordVectors;

    /// <inheritdoc/>
    internal override Tensor Tokens(Batch batch)
    {
        var input = TextInput.WithoutStart(batch, context);
        return network.Forward(input.Tokens, input.Visible);
    }
}
