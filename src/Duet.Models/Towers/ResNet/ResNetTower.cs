// A residual network as a picture tower.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The cells of the last stage's map, row by row; their mean is the picture's embedding. It has no attention.</summary>
/// <param name="network">The network.</param>
/// <param name="imageSize">Side of the pictures.</param>
internal sealed class ResNetTower(ResNet network, int imageSize)
    : PictureTower(network, network.Options.OutputChannels, network.Options.MapSide(imageSize), firstPatch: 0)
{
    /// <inheritdoc/>
    internal override Tensor Tokens(Tensor pixels) => PictureFeatures.Regions(network.Forward(pixels));
}
