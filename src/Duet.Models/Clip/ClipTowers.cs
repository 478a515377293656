// Which published weights CLIP starts from.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of CLIP: its own, or any picture tower beside any text tower.</summary>
internal static class ClipTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<ClipOptions>(
            PublishedPair.Slots,
            options => PublishedPair.Describe(options.Picture, options.Text, options),
            Configure
        );

    /// <summary>Where every system with CLIP's towers has them.</summary>
    internal static TowerSlot[] Slots =>
        [new(TowerKind.ClipImage, "visual."), new(TowerKind.ClipText, "text."), new(TowerKind.ClipScale, "contrastive.")];

    private static ClipOptions Configure(ClipOptions options, PretrainedTowers towers)
    {
        var shared = towers.Clip is { } clip
            ? options with
            {
                JointWidth = clip.JointWidth,
                Activation = clip.Activation,
                NormEpsilon = clip.NormEpsilon,
            }
            : options;
        var pictured = Pictures(shared, towers);
        var paired = PublishedPair.Text(towers, options.ContextLength) is var (text, length)
            ? pictured with
            {
                Text = text,
                ContextLength = length,
            }
            : pictured;
        return paired with { JointWidth = PublishedPair.JointWidth(paired.Picture, paired.Text, paired.JointWidth) };
    }

    // CLIP's own modified ResNet keeps its place in the settings beside CLIP's own text tower.
    private static ClipOptions Pictures(ClipOptions options, PretrainedTowers towers) =>
        towers.Clip is { Tower: ImageTower.ModifiedResNet } clip && towers.Kinds.Contains(TowerKind.ClipScale)
            ? options with
            {
                Tower = clip.Tower,
                Image = clip.Image,
                ResNet = clip.ResNet,
                ImageSize = clip.ImageSize,
                PixelMean = towers.PixelMean ?? clip.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? clip.PixelDeviation,
            }
        : PublishedPair.Picture(towers, options.Image, options.ImageSize) is var (image, side, mean, deviation)
            ? options with
            {
                Tower = ImageTower.VisionTransformer,
                Image = image,
                ImageSize = side,
                PixelMean = mean,
                PixelDeviation = deviation,
            }
        : options;
}
