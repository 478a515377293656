// ViT as a picture tower.
using Duet.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The class position and the patches after the last norm; the class position is the picture's embedding.</summary>
internal sealed class VitTower(VisionTransformer network) : PictureTower(network, network.Width, network.GridSize, firstPatch: 1)
{
    /// <inheritdoc/>
    internal override Tensor Tokens(Tensor pixels) => network.Tokens(pixels);

    /// <inheritdoc/>
    internal override Tensor Embed(Tensor pixels) => network.Tokens(pixels).select(1, 0);

    /// <inheritdoc/>
    internal override AttentionReadOut DescribeEmbedding(RecordedPass pass, AttentionFlow flow, string path) => AtClass(pass, flow, path);
}
