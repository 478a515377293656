// CLIP's text transformer as a text tower.
using Duet.Models.Attention;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>Every position after the last norm, each of which has seen those before it; CLIP's projection applies to every
/// position.</summary>
internal sealed class ClipTextTower(ClipTextEncoder network, int width) : TextTower(network, width)
{
    /// <summary>For tests and demonstrations, as in CMA-CLIP's preset <c>tiny</c>.</summary>
    internal static TextTransformerOptions Tiny { get; } =
        new()
        {
            Width = 64,
            Layers = 1,
            Heads = 2,
        };

    /// <inheritdoc/>
    internal override Embedding TokenVectors => network.TokenVectors;

    /// <inheritdoc/>
    internal override bool IsProjected => true;

    /// <inheritdoc/>
    internal override Tensor Tokens(Batch batch) => network.Tokens(batch.TokenIds);

    /// <inheritdoc/>
    internal override Tensor Project(Tensor tokens) => network.Project(tokens);

    /// <inheritdoc/>
    internal override Tensor Embed(Batch batch) => network.Forward(batch.TokenIds, batch.EndPositions);

    /// <inheritdoc/>
    internal override AttentionReadOut DescribeEmbedding(RecordedPass pass, AttentionFlow flow, string path) =>
        AttentionReadOut.At(Describe(pass, flow, path), pass.Batch.EndPositions);
}
