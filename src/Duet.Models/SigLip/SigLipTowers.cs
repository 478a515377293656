// Which published weights SigLIP starts from.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of SigLIP.</summary>
internal static class SigLipTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<SigLipOptions>(
            [new(TowerKind.SigLipImage, "visual."), new(TowerKind.SigLipText, "text."), new(TowerKind.SigLipScale, "contrastive.")],
            options => new() { SigLip = options },
            Configure
        );

    private static SigLipOptions Configure(SigLipOptions options, PretrainedTowers towers) =>
        towers.SigLip is not { } siglip
            ? options
            : options with
            {
                Image = siglip.Image,
                Text = siglip.Text,
                TextMlpRatio = siglip.TextMlpRatio,
                ImageActivation = siglip.ImageActivation,
                TextActivation = siglip.TextActivation,
                ImageNormEpsilon = siglip.ImageNormEpsilon,
                TextNormEpsilon = siglip.TextNormEpsilon,
                VariableResolution = siglip.VariableResolution,
                ImageSize = siglip.ImageSize,
                ContextLength = siglip.ContextLength,
                PixelMean = towers.PixelMean ?? siglip.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? siglip.PixelDeviation,
            };
}
