// CMA-CLIP in CLIP's sizes and in two that train on a CPU.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>CMA-CLIP on the towers of CLIP B/32, B/16 and L/14, and two small ones that are trained from scratch (docs/decisions/004, 006,
/// 009, 010).</summary>
internal static class CmaClipPresets
{
    // No source says how deep the sequence-wise transformer is or how it starts. As deep as the text tower and a copy of it, it begins with
    // what CLIP has learned.
    private static CmaClipOptions Published { get; } = new() { FusionLayers = 12, FusionInitialization = FusionInitialization.TextTower };

    internal static IReadOnlyDictionary<string, CmaClipOptions> All { get; } =
        new Dictionary<string, CmaClipOptions>(StringComparer.Ordinal)
        {
            ["tiny"] = new()
            {
                ImageSize = 48,
                ContextLength = 24,
                Image = ClipVitTower.Tiny,
                Text = ClipTextTower.Tiny,
                JointWidth = 64,
                FusionLayers = 1,
                FusionHeads = 2,
                FusionInitialization = FusionInitialization.Identity,
                Aggregation = Aggregation.TaskAttention,
                HeadNorm = true,
                HeadWidth = 64,
                HeadDropout = 0,
            },
            ["small"] = new()
            {
                ImageSize = 96,
                ContextLength = 32,
                Image = VisionTransformerOptions.Small,
                Text = TextTransformerOptions.Small,
                JointWidth = 192,
                FusionLayers = 1,
                FusionHeads = 6,
                FusionInitialization = FusionInitialization.Identity,
                Aggregation = Aggregation.TaskAttention,
                HeadNorm = true,
                HeadWidth = 192,
                HeadDropout = 0.4,
                Dropout = 0.15,
            },
            ["quick"] = new()
            {
                ContextLength = 48,
                Image = ResNetOptions.ResNet18 with { Tower = "resnet", Levels = 4, FrozenStatistics = true },
                Text = new BertTowerOptions { Tower = "bert" },
                FusionLayers = 1,
                FusionInitialization = FusionInitialization.Identity,
                Aggregation = Aggregation.TaskAttention,
                HeadNorm = true,
                HeadWidth = 256,
                HeadDropout = 0.4,
                Dropout = 0.15,
            },
            ["b32"] = Published,
            ["b16"] = Published with { Image = new VisionTransformerOptions { PatchSize = 16 } },
            ["l14"] = Published with
            {
                Image = new VisionTransformerOptions
                {
                    PatchSize = 14,
                    Width = 1024,
                    Layers = 24,
                    Heads = 16,
                },
                Text = new TextTransformerOptions { Width = 768, Heads = 12 },
                JointWidth = 768,
                FusionHeads = 12,
                HeadWidth = 768,
            },
        };
}
