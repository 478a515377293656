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
            [
                .. ClipTowers.Slots,
                new(TowerKind.Vit, "visual."),
                new(TowerKind.ResNet, "visual."),
                new(TowerKind.Bert, "text."),
                new(TowerKind.T5, "text."),
            ],
            Describe,
            Configure
        );

    private const int RandomFusionLayers = 4;
    private const int HeadChannels = 64;

    // ImageNet's statistics, which residual networks are trained with (torchvision).
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] ImageNetDeviation = [0.229, 0.224, 0.225];

    private static PretrainedTowers Describe(CmaClipOptions options)
    {
        var (picture, text) = (KindOf(options.Image), KindOf(options.Text));
        var clip = picture == TowerKind.ClipImage || text == TowerKind.ClipText;
        TowerKind[] scale = picture == TowerKind.ClipImage && text == TowerKind.ClipText ? [TowerKind.ClipScale] : [];
        return new([picture, text, .. scale])
        {
            Clip = clip ? AsClip(options) : null,
            Vit = options.Image is VitTowerOptions vit ? AsVit(options, vit) : null,
            ResNet = options.Image is ResNetOptions network ? network with { Tower = null } : null,
            Bert = options.Text is BertTowerOptions bert ? bert.AsEncoder() : null,
            T5 = options.Text is T5Options t5 ? t5 with { Tower = null } : null,
        };
    }

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

    private static ClipOptions AsClip(CmaClipOptions options)
    {
        var clip = new ClipOptions
        {
            ImageSize = options.ImageSize,
            ContextLength = options.ContextLength,
            PixelMean = options.PixelMean,
            PixelDeviation = options.PixelDeviation,
            Text = options.Text as TextTransformerOptions ?? new(),
            JointWidth = options.JointWidth,
            Activation = options.Activation,
            NormEpsilon = options.NormEpsilon,
        };
        return options.Image switch
        {
            VisionTransformerOptions image => clip with { Image = image },
            ModifiedResNetOptions image => clip with { Tower = ImageTower.ModifiedResNet, ResNet = image with { Tower = null } },
            _ => clip,
        };
    }

    private static VitOptions AsVit(CmaClipOptions options, VitTowerOptions vit) =>
        new()
        {
            ImageSize = options.ImageSize,
            PixelMean = options.PixelMean,
            PixelDeviation = options.PixelDeviation,
            Image = vit.Shape,
            Activation = vit.Activation,
            NormEpsilon = vit.NormEpsilon,
        };

    private static CmaClipOptions Configure(CmaClipOptions options, PretrainedTowers towers) =>
        Fusion(Texts(Pictures(Clip(options, towers), towers), towers), options, towers);

    // What CLIP's two towers share.
    private static CmaClipOptions Clip(CmaClipOptions options, PretrainedTowers towers) =>
        towers.Clip is not { } clip
            ? options
            : options with
            {
                JointWidth = clip.JointWidth,
                Activation = clip.Activation,
                NormEpsilon = clip.NormEpsilon,
                FusionHeads = HeadsOf(clip),
            };

    private static CmaClipOptions Pictures(CmaClipOptions options, PretrainedTowers towers) =>
        towers switch
        {
            { Clip: { } clip } when towers.Kinds.Contains(TowerKind.ClipImage) => Seeing(
                options,
                towers,
                clip.Tower == ImageTower.VisionTransformer ? clip.Image : clip.ResNet with { FrozenStatistics = true },
                clip
            ),
            { Vit: { } vit } => Seeing(options, towers, VitTowerOptions.Of(vit), vit),
            { ResNet: { } network } => options with
            {
                Image = network with { FrozenStatistics = true, Levels = LevelsOf(options.Image, network) },
                ImageSize = towers.ImageSize ?? options.ImageSize,
                PixelMean = towers.PixelMean ?? ImageNetMean,
                PixelDeviation = towers.PixelDeviation ?? ImageNetDeviation,
            },
            _ => options,
        };

    // What a tower gives is the system's choice, not the source's.
    private static int LevelsOf(PictureTowerOptions chosen, ResNetOptions network) =>
        chosen is ResNetOptions { Levels: var levels } ? Math.Min(levels, network.Blocks.Count) : network.Levels;

    private static CmaClipOptions Seeing(
        CmaClipOptions options,
        PretrainedTowers towers,
        PictureTowerOptions image,
        ModelOptions published
    ) =>
        options with
        {
            Image = image,
            ImageSize = published.ImageSize,
            PixelMean = towers.PixelMean ?? published.PixelMean,
            PixelDeviation = towers.PixelDeviation ?? published.PixelDeviation,
        };

    private static CmaClipOptions Texts(CmaClipOptions options, PretrainedTowers towers) =>
        towers switch
        {
            { Clip: { } clip } when towers.Kinds.Contains(TowerKind.ClipText) => options with
            {
                Text = clip.Text,
                ContextLength = clip.ContextLength,
            },
            { Bert: { } bert } => options with
            {
                Text = BertTowerOptions.Of(bert),
                ContextLength = Math.Min(options.ContextLength, bert.MaximumLength),
            },
            { T5: { } t5 } => options with { Text = t5 },
            _ => options,
        };

    // A copy of CLIP's text tower has to fit between the towers; where it does not, the transformer starts from random weights. The joint
    // sequence has the joint space's width where there is one, else the text tower's.
    private static CmaClipOptions Fusion(CmaClipOptions options, CmaClipOptions before, PretrainedTowers towers)
    {
        var text = options.Text as TextTransformerOptions;
        var hasSpace = text is not null || options.Image is VisionTransformerOptions or ModifiedResNetOptions;
        var width = hasSpace ? options.JointWidth : options.Text.SequenceWidth;
        var copied = before.FusionInitialization == FusionInitialization.TextTower;
        var fits = text is not null && text.Width == width;
        return options with
        {
            JointWidth = width,
            FusionHeads =
                towers.Clip is null && width % options.FusionHeads != 0 || width != options.JointWidth
                    ? HeadsOf(width)
                    : options.FusionHeads,
            FusionInitialization = copied && !fits ? FusionInitialization.Random : options.FusionInitialization,
            FusionLayers = copied ? Math.Min(options.FusionLayers, fits ? text!.Layers : RandomFusionLayers) : options.FusionLayers,
        };
    }

    // The sequence-wise transformer has the text tower's heads where it has its width (it may be copied from it), else heads of 64
    // channels.
    private static int HeadsOf(ClipOptions clip) => clip.JointWidth == clip.Text.Width ? clip.Text.Heads : HeadsOf(clip.JointWidth);

    private static int HeadsOf(int width) => width % HeadChannels == 0 ? width / HeadChannels : 1;
}
