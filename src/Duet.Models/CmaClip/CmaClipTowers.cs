// Which published weights CMA-CLIP starts from.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of CMA-CLIP.</summary>
internal static class CmaClipTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<CmaClipOptions>(ClipTowers.Slots, options => new() { Clip = AsClip(options) }, Configure);

    private const int RandomFusionLayers = 4;

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
        if (towers.Clip is not { } clip)
        {
            return options;
        }

        var copied = options.FusionInitialization == FusionInitialization.TextTower;
        var fits = clip.JointWidth == clip.Text.Width;
        return clip.Tower != ImageTower.VisionTransformer
            ? throw new PretrainedException(
                "CMA-CLIP needs a sequence of patches: its picture tower must be a vision transformer, and this checkpoint's is a "
                    + "modified ResNet. Train `clip` from it instead."
            )
            : options with
            {
                Image = clip.Image,
                Text = clip.Text,
                JointWidth = clip.JointWidth,
                Activation = clip.Activation,
                NormEpsilon = clip.NormEpsilon,
                FusionHeads = HeadsOf(clip),

                // A copy of the text tower has to fit between the towers; where it does not, the transformer starts from random weights.
                FusionInitialization = copied && !fits ? FusionInitialization.Random : options.FusionInitialization,
                FusionLayers = copied ? Math.Min(options.FusionLayers, fits ? clip.Text.Layers : RandomFusionLayers) : options.FusionLayers,
                ImageSize = clip.ImageSize,
                ContextLength = clip.ContextLength,
                PixelMean = towers.PixelMean ?? clip.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? clip.PixelDeviation,
            };
    }

    // The sequence-wise transformer has the text tower's heads where it has its width (it may be copied from it), else heads of 64
    // channels.
    private static int HeadsOf(ClipOptions clip) =>
        clip.JointWidth == clip.Text.Width ? clip.Text.Heads
        : clip.JointWidth % 64 == 0 ? clip.JointWidth / 64
        : 1;
}
