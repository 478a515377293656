// CLIP in the published sizes and in two that train on a CPU.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>The sizes of openai/CLIP (widths, layers and heads as in open_clip's model configurations), and two small ones.</summary>
internal static class ClipPresets
{
    internal static IReadOnlyDictionary<string, ClipOptions> All { get; } =
        new Dictionary<string, ClipOptions>(StringComparer.Ordinal)
        {
            ["tiny"] = new()
            {
                ImageSize = 48,
                ContextLength = 24,
                Image = new VisionTransformerOptions
                {
                    PatchSize = 8,
                    Width = 64,
                    Layers = 2,
                    Heads = 2,
                    Stem = PatchStem.Convolutional,
                },
                Text = new TextTransformerOptions
                {
                    Width = 64,
                    Layers = 1,
                    Heads = 2,
                },
                JointWidth = 64,
                HeadWidth = 64,
                Dropout = 0.1,
            },
            ["small"] = new()
            {
                ImageSize = 96,
                ContextLength = 32,
                Image = VisionTransformerOptions.Small,
                Text = TextTransformerOptions.Small,
                JointWidth = 192,
                HeadWidth = 192,
                HeadDropout = 0.4,
                Dropout = 0.15,
            },
            ["b32"] = new(),
            ["b16"] = new() { Image = new VisionTransformerOptions { PatchSize = 16 } },
            ["l14"] = Large(224),
            ["l14-336"] = Large(336),
            ["rn50"] = ResNet(224, [3, 4, 6, 3], 64, 1024, 512),
            ["rn101"] = ResNet(224, [3, 4, 23, 3], 64, 512, 512),
            ["rn50x4"] = ResNet(288, [4, 6, 10, 6], 80, 640, 640),
            ["rn50x16"] = ResNet(384, [6, 8, 18, 8], 96, 768, 768),
            ["rn50x64"] = ResNet(448, [3, 15, 36, 10], 128, 1024, 1024),
        };

    private static ClipOptions Large(int imageSize) =>
        new()
        {
            ImageSize = imageSize,
            Image = new VisionTransformerOptions
            {
                PatchSize = 14,
                Width = 1024,
                Layers = 24,
                Heads = 16,
            },
            Text = new TextTransformerOptions { Width = 768, Heads = 12 },
            JointWidth = 768,
            HeadWidth = 768,
        };

    private static ClipOptions ResNet(int imageSize, int[] layers, int width, int jointWidth, int textWidth) =>
        new()
        {
            ImageSize = imageSize,
            Tower = ImageTower.ModifiedResNet,
            ResNet = new()
            {
                Layers = layers,
                Width = width,
                Heads = width / 2,
            },
            Text = new TextTransformerOptions { Width = textWidth, Heads = textWidth / 64 },
            JointWidth = jointWidth,
            HeadWidth = jointWidth,
        };
}
