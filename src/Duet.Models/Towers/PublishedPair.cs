// How the systems with any two towers take published ones.
using Duet.Models.Pretrained;

namespace Duet.Models.Encoders;

/// <summary>A picture tower under <c>visual</c> and a text tower under <c>text</c>, whichever they are.</summary>
internal static class PublishedPair
{
    // ImageNet's statistics, which residual networks are trained with (torchvision).
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] ImageNetDeviation = [0.229, 0.224, 0.225];

    /// <summary>Where the towers are.</summary>
    internal static TowerSlot[] Slots =>
        [
            .. ClipTowers.Slots,
            new(TowerKind.Vit, "visual."),
            new(TowerKind.ResNet, "visual."),
            new(TowerKind.Bert, "text."),
            new(TowerKind.T5, "text."),
        ];

    /// <summary>The shapes of a system's towers.</summary>
    /// <param name="image">Its picture tower.</param>
    /// <param name="text">Its text tower.</param>
    /// <param name="clip">The same as CLIP's settings, for those that are CLIP's.</param>
    internal static PretrainedTowers Describe(PictureTowerOptions image, TextTowerOptions text, ClipOptions clip)
    {
        var (picture, words) = (KindOf(image), KindOf(text));
        var (isClip, isPair) = (
            picture == TowerKind.ClipImage || words == TowerKind.ClipText,
            picture == TowerKind.ClipImage && words == TowerKind.ClipText
        );
        TowerKind[] scale = isPair ? [TowerKind.ClipScale] : [];
        return new([picture, words, .. scale])
        {
            Clip = isClip ? clip : null,
            Vit = image is VitTowerOptions vit ? AsVit(clip, vit) : null,
            ResNet = image is ResNetOptions network ? network with { Tower = null } : null,
            Bert = text is BertTowerOptions bert ? bert.AsEncoder() : null,
            T5 = text is T5Options t5 ? t5 with { Tower = null } : null,
        };
    }

    /// <summary>A source's picture tower with what its pictures were prepared by; null where the source gives none.</summary>
    /// <param name="towers">The source's towers.</param>
    /// <param name="chosen">The system's picture tower: what a tower gives is the system's choice, not the source's.</param>
    /// <param name="imageSize">The side of the pictures where the source does not say.</param>
    internal static (PictureTowerOptions Tower, int ImageSize, IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation)? Picture(
        PretrainedTowers towers,
        PictureTowerOptions chosen,
        int imageSize
    ) =>
        towers switch
        {
            { Clip: { } clip } when towers.Kinds.Contains(TowerKind.ClipImage) => (
                clip.Picture is ModifiedResNetOptions network ? network with { FrozenStatistics = true } : clip.Picture,
                clip.ImageSize,
                towers.PixelMean ?? clip.PixelMean,
                towers.PixelDeviation ?? clip.PixelDeviation
            ),
            { Vit: { } vit } => (
                VitTowerOptions.Of(vit),
                vit.ImageSize,
                towers.PixelMean ?? vit.PixelMean,
                towers.PixelDeviation ?? vit.PixelDeviation
            ),
            { ResNet: { } network } => (
                network with
                {
                    FrozenStatistics = true,
                    Levels = chosen is ResNetOptions { Levels: var levels } ? Math.Min(levels, network.Blocks.Count) : network.Levels,
                },
                towers.ImageSize ?? imageSize,
                towers.PixelMean ?? ImageNetMean,
                towers.PixelDeviation ?? ImageNetDeviation
            ),
            _ => null,
        };

    /// <summary>A source's text tower with its longest text; null where the source gives none.</summary>
    /// <param name="towers">The source's towers.</param>
    /// <param name="contextLength">The system's longest text.</param>
    internal static (TextTowerOptions Tower, int ContextLength)? Text(PretrainedTowers towers, int contextLength) =>
        towers switch
        {
            { Clip: { } clip } when towers.Kinds.Contains(TowerKind.ClipText) => (clip.Text, clip.ContextLength),
            { Bert: { } bert } => (BertTowerOptions.Of(bert), Math.Min(contextLength, bert.MaximumLength)),
            { T5: { } t5 } => (t5, contextLength),
            _ => null,
        };

    /// <summary>The width in which both towers meet: that of CLIP's joint space where one of them is CLIP's, else the text
    /// tower's.</summary>
    internal static int JointWidth(PictureTowerOptions image, TextTowerOptions text, int clip) =>
        KindOf(image) == TowerKind.ClipImage || KindOf(text) == TowerKind.ClipText ? clip : text.SequenceWidth;

    private static TowerKind KindOf(PictureTowerOptions image) =>
        image switch
        {
            VitTowerOptions => TowerKind.Vit,
            ResNetOptions => TowerKind.ResNet,
            _ => TowerKind.ClipImage,
        };

    private static TowerKind KindOf(TextTowerOptions text) =>
        text switch
        {
            BertTowerOptions => TowerKind.Bert,
            T5Options => TowerKind.T5,
            _ => TowerKind.ClipText,
        };

    private static VitOptions AsVit(ClipOptions options, VitTowerOptions vit) =>
        new()
        {
            ImageSize = options.ImageSize,
            PixelMean = options.PixelMean,
            PixelDeviation = options.PixelDeviation,
            Image = vit.Shape,
            Activation = vit.Activation,
            NormEpsilon = vit.NormEpsilon,
        };
}
