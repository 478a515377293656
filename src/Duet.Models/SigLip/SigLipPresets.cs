// SigLIP and SigLIP 2 in the published sizes and in two that train on a CPU.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>The published sizes (Hugging Face's config.json files, open_clip's model configurations), and two small ones.</summary>
internal static class SigLipPresets
{
    private const double ShapeOptimizedMlp = 4304.0 / 1152;

    internal static IReadOnlyDictionary<string, SigLipOptions> All { get; } =
        new Dictionary<string, SigLipOptions>(StringComparer.Ordinal)
        {
            ["tiny"] = new()
            {
                ImageSize = 48,
                ContextLength = 24,
                Image = new()
                {
                    PatchSize = 8,
                    Width = 64,
                    Layers = 2,
                    Heads = 2,
                    Stem = PatchStem.Convolutional,
                    NormBefore = false,
                },
                Text = new()
                {
                    Width = 64,
                    Layers = 1,
                    Heads = 2,
                },
                HeadWidth = 64,
                Dropout = 0.1,
            },
            ["small"] = new()
            {
                ImageSize = 96,
                ContextLength = 32,
                Image = VisionTransformerOptions.Small with { NormBefore = false },
                Text = TextTransformerOptions.Small,
                HeadWidth = 192,
                HeadDropout = 0.4,
                Dropout = 0.15,
            },
            ["b16"] = new(),
            ["b16-256"] = new() { ImageSize = 256 },
            ["b16-384"] = new() { ImageSize = 384 },
            ["b16-512"] = new() { ImageSize = 512 },
            ["b32-256"] = new() { ImageSize = 256, Image = new SigLipOptions().Image with { PatchSize = 32 } },
            ["l16-256"] = Large(256),
            ["l16-384"] = Large(384),
            ["so400m14"] = ShapeOptimized(224, 14),
            ["so400m14-384"] = ShapeOptimized(384, 14),
            ["so400m16-256"] = ShapeOptimized(256, 16),
            ["so400m16-384"] = ShapeOptimized(384, 16),
            ["g16-256"] = Giant(256),
            ["g16-384"] = Giant(384),
        };

    private static SigLipOptions Large(int imageSize) =>
        new()
        {
            ImageSize = imageSize,
            Image = Shape(16, 1024, 24, 16, 4),
            Text = new()
            {
                Width = 1024,
                Layers = 24,
                Heads = 16,
            },
            HeadWidth = 1024,
        };

    private static SigLipOptions ShapeOptimized(int imageSize, int patchSize) =>
        new()
        {
            ImageSize = imageSize,
            Image = Shape(patchSize, 1152, 27, 16, ShapeOptimizedMlp),
            Text = new()
            {
                Width = 1152,
                Layers = 27,
                Heads = 16,
            },
            TextMlpRatio = ShapeOptimizedMlp,
            HeadWidth = 1152,
        };

    private static SigLipOptions Giant(int imageSize) =>
        ShapeOptimized(imageSize, 16) with
        {
            Image = Shape(16, 1536, 40, 16, 4),
            HeadWidth = 1536,
        };

    private static VisionTransformerOptions Shape(int patchSize, int width, int layers, int heads, double mlpRatio) =>
        new()
        {
            PatchSize = patchSize,
            Width = width,
            Layers = layers,
            Heads = heads,
            MlpRatio = mlpRatio,
            PatchBias = true,
            NormBefore = false,
        };
}
