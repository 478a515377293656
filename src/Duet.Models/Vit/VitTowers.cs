// Which published weights ViT starts from.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of ViT.</summary>
internal static class VitTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<VitOptions>(
            [new(TowerKind.Vit, "visual."), new(TowerKind.VitPooler, "pooler.")],
            options => new() { Vit = options },
            Configure
        );

    private static VitOptions Configure(VitOptions options, PretrainedTowers towers) =>
        towers.Vit is not { } vit
            ? options
            : options with
            {
                Image = vit.Image,
                Activation = vit.Activation,
                NormEpsilon = vit.NormEpsilon,
                ImageSize = vit.ImageSize,
                PixelMean = towers.PixelMean ?? vit.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? vit.PixelDeviation,
            };
}
