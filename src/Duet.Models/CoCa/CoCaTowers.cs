// Which published weights CoCa starts from.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of CoCa.</summary>
internal static class CoCaTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<CoCaOptions>(
            [
                new(TowerKind.CoCaImage, "visual."),
                new(TowerKind.CoCaText, "text."),
                new(TowerKind.CoCaDecoder, "text_decoder."),
                new(TowerKind.ClipScale, "contrastive."),
            ],
            options => new() { CoCa = options },
            Configure
        );

    private static CoCaOptions Configure(CoCaOptions options, PretrainedTowers towers) =>
        towers.CoCa is not { } coca
            ? options
            : options with
            {
                Image = coca.Image,
                Text = coca.Text,
                TextMlpRatio = coca.TextMlpRatio,
                DecoderLayers = coca.DecoderLayers,
                DecoderHeads = coca.DecoderHeads,
                JointWidth = coca.JointWidth,
                Pooling = coca.Pooling,
                PoolerQueries = coca.PoolerQueries,
                PoolerHeads = coca.PoolerHeads,
                LegacyClassMask = coca.LegacyClassMask,
                Activation = coca.Activation,
                NormEpsilon = coca.NormEpsilon,
                ImageSize = coca.ImageSize,
                ContextLength = coca.ContextLength,
                PixelMean = towers.PixelMean ?? coca.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? coca.PixelDeviation,
            };
}
