// Which published weights CMA-CLIP starts from.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of CMA-CLIP: any picture tower beside any text tower.</summary>
internal static class CmaClipTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<CmaClipOptions>(
            PublishedPair.Slots,
            options => PublishedPair.Describe(options.Image, options.Text, AsClip(options)),
            Configure
        );

    private const int RandomFusionLayers = 4;
    private const int HeadChannels = 64;

    private static ClipOptions AsClip(CmaClipOptions options) =>
        new()
        {
            ImageSize = options.ImageSize,
            ContextLength = options.ContextLength,
            PixelMean = options.PixelMean,
            PixelDeviation = options.PixelDeviation,
            Image = options.Image,
            Text = options.Text,
            JointWidth = options.JointWidth,
            Activation = options.Activation,
            NormEpsilon = options.NormEpsilon,
        };

    private static CmaClipOptions Configure(CmaClipOptions options, PretrainedTowers towers)
    {
        var paired = options;
        if (towers.Clip is { } clip)
        {
            paired = paired with
            {
                JointWidth = clip.JointWidth,
                Activation = clip.Activation,
                NormEpsilon = clip.NormEpsilon,
                FusionHeads = HeadsOf(clip),
            };
        }

        if (PublishedPair.Picture(towers, options.Image, options.ImageSize) is var (image, side, mean, deviation))
        {
            paired = paired with { Image = image, ImageSize = side, PixelMean = mean, PixelDeviation = deviation };
        }

        if (PublishedPair.Text(towers, options.ContextLength) is var (text, length))
        {
            paired = paired with { Text = text, ContextLength = length };
        }

        return Fusion(paired, options);
    }

    // A copy of CLIP's text tower has to fit between the towers; where it does not, the transformer starts from random weights.
    private static CmaClipOptions Fusion(CmaClipOptions paired, CmaClipOptions before)
    {
        var text = paired.Text as TextTransformerOptions;
        var width = PublishedPair.JointWidth(paired.Image, paired.Text, paired.JointWidth);
        var copied = before.FusionInitialization == FusionInitialization.TextTower;
        var fits = text is not null && text.Width == width;
        return paired with
        {
            JointWidth = width,
            FusionHeads = width == paired.JointWidth && width % paired.FusionHeads == 0 ? paired.FusionHeads : HeadsOf(width),
            FusionInitialization = copied && !fits ? FusionInitialization.Random : before.FusionInitialization,
            FusionLayers = copied ? Math.Min(before.FusionLayers, fits ? text!.Layers : RandomFusionLayers) : before.FusionLayers,
        };
    }

    // The sequence-wise transformer has the text tower's heads where it has its width (it may be copied from it), else heads of 64
    // channels.
    private static int HeadsOf(ClipOptions clip) =>
        clip.Text is TextTransformerOptions text && clip.JointWidth == text.Width ? text.Heads : HeadsOf(clip.JointWidth);

    private static int HeadsOf(int width) => width % HeadChannels == 0 ? width / HeadChannels : 1;
}
