// CoCa in the published sizes and in two that train on a CPU.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>The sizes of open_clip's checkpoints and of the paper's table 1, and two small ones.</summary>
internal static class CoCaPresets
{
    internal static IReadOnlyDictionary<string, CoCaOptions> All { get; } =
        new Dictionary<string, CoCaOptions>(StringComparer.Ordinal)
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
                },
                Text = new()
                {
                    Width = 64,
                    Layers = 1,
                    Heads = 2,
                },
                DecoderLayers = 1,
                DecoderHeads = 2,
                JointWidth = 64,
                Pooling = CoCaPooling.Cascade,
                PoolerQueries = 16,
                PoolerHeads = 2,
                HeadWidth = 64,
                Dropout = 0.1,
            },
            ["small"] = new()
            {
                ImageSize = 96,
                ContextLength = 32,
                Image = VisionTransformerOptions.Small,
                Text = TextTransformerOptions.Small,
                DecoderLayers = 1,
                DecoderHeads = 6,
                JointWidth = 192,
                Pooling = CoCaPooling.Cascade,
                PoolerQueries = 32,
                PoolerHeads = 6,
                HeadWidth = 192,
                HeadDropout = 0.4,
                Dropout = 0.15,
            },
            ["b32"] = new() { LegacyClassMask = true },
            ["l14"] = new()
            {
                Image = new()
                {
                    PatchSize = 14,
                    Width = 1024,
                    Layers = 24,
                    Heads = 16,
                },
                Text = new() { Width = 768, Heads = 12 },
                DecoderHeads = 12,
                JointWidth = 768,
                HeadWidth = 768,
                LegacyClassMask = true,
            },
            ["paper-base"] = Paper(768, 12, 12, 3072, 12, 12),
            ["paper-large"] = Paper(1024, 16, 24, 4096, 12, 12),
            ["paper-2b"] = Paper(1408, 16, 40, 6144, 18, 18),
        };

    // Pictures of 288 pixels in patches of 18, 256 queries for the decoder and one for the contrast, in cascade.
    private static CoCaOptions Paper(int width, int heads, int imageLayers, int imageMlp, int textLayers, int decoderLayers) =>
        new()
        {
            ImageSize = 288,
            Image = new()
            {
                PatchSize = 18,
                Width = width,
                Layers = imageLayers,
                Heads = heads,
                MlpRatio = (double)imageMlp / width,
            },
            Text = new()
            {
                Width = width,
                Layers = textLayers,
                Heads = heads,
            },
            DecoderLayers = decoderLayers,
            DecoderHeads = heads,
            JointWidth = width,
            Pooling = CoCaPooling.Cascade,
            PoolerHeads = heads,
            HeadWidth = width,
        };
}
