// A residual network as a picture tower.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>The cells of the last stage's map, row by row, with what earlier stages have there (<see cref="ResNetOptions.Levels"/>); their
/// mean is the picture's embedding. It has no attention.</summary>
/// <param name="network">The network.</param>
/// <param name="imageSize">Side of the pictures.</param>
internal sealed class ResNetTower(ResNet network, int imageSize)
    : PictureTower(network, network.Options.SequenceWidth, network.Options.MapSide(imageSize), firstPatch: 0)
{
    /// <inheritdoc/>
    internal override Tensor Tokens(Tensor pixels)
    {
        var maps = network.Maps(pixels);
        var side = maps[^1].size(2);
        return PictureFeatures.Regions(
            cat([.. maps.TakeLast(network.Options.Levels).Select(map => nn.functional.adaptive_avg_pool2d(map, [side, side]))], 1)
        );
    }
}
