// Which published weights CLIP starts from.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of CLIP.</summary>
internal static class ClipTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } = SystemTowers.Of<ClipOptions>(Slots, options => new() { Clip = options }, Configure);

    /// <summary>Where every system with CLIP's towers has them.</summary>
    internal static TowerSlot[] Slots =>
        [new(TowerKind.ClipImage, "visual."), new(TowerKind.ClipText, "text."), new(TowerKind.ClipScale, "contrastive.")];

    private static ClipOptions Configure(ClipOptions options, PretrainedTowers towers) =>
        towers.Clip is not { } clip
            ? options
            : options with
            {
                Tower = clip.Tower,
                Image = clip.Image,
                ResNet = clip.ResNet,
                Text = clip.Text,
                JointWidth = clip.JointWidth,
                Activation = clip.Activation,
                NormEpsilon = clip.NormEpsilon,
                ImageSize = clip.ImageSize,
                ContextLength = clip.ContextLength,
                PixelMean = towers.PixelMean ?? clip.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? clip.PixelDeviation,
            };
}
