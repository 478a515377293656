// Which published weights the residual network starts from.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of the residual network.</summary>
internal static class ResNetClassifierTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<ResNetClassifierOptions>([new(TowerKind.ResNet, "image.")], options => new() { ResNet = options.Image }, Configure);

    private static ResNetClassifierOptions Configure(ResNetClassifierOptions options, PretrainedTowers towers) =>
        towers.ResNet is not { } network
            ? options
            : options with
            {
                Image = network,
                PixelMean = towers.PixelMean ?? options.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? options.PixelDeviation,
            };
}
