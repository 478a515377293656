// CLIP's vision transformer as a picture tower.
using Duet.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The class position and the patches after the last norm; CLIP's projection applies to every position.</summary>
internal sealed class ClipVitTower(VisionTransformer network) : PictureTower(network, network.Width, network.GridSize, firstPatch: 1)
{
    /// <summary>For tests and demonstrations, as in CMA-CLIP's preset <c>tiny</c>.</summary>
    internal static VisionTransformerOptions Tiny { get; } =
        new()
        {
            PatchSize = 8,
            Width = 64,
            Layers = 2,
            Heads = 2,
            Stem = PatchStem.Convolutional,
            StemDepth = 2,
        };

    /// <inheritdoc/>
    internal override bool IsProjected => true;

    /// <inheritdoc/>
    internal override Tensor Tokens(Tensor pixels) => network.Tokens(pixels);

    /// <inheritdoc/>
    internal override Tensor Project(Tensor tokens) => network.Project(tokens);

    /// <inheritdoc/>
    internal override Tensor Embed(Tensor pixels) => network.Forward(pixels);

    /// <inheritdoc/>
    internal override AttentionReadOut DescribeEmbedding(RecordedPass pass, AttentionFlow flow, string path) => AtClass(pass, flow, path);
}
