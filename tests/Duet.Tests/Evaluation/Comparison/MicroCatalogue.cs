// A drawn catalogue and systems so small that a run takes a second.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Studies.Comparison;
using Duet.Tests.Data;
using Duet.Training;

namespace Duet.Tests.Evaluation.Comparison;

/// <summary>48 products with pictures of 32 pixels, CMA-CLIP and CLIP of a few thousand numbers, and a system that cannot be
/// trained.</summary>
internal sealed class MicroCatalogue : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MicroCatalogue() =>
        SyntheticCatalog.Write(
            _folder["data"],
            new SyntheticOptions
            {
                Count = 48,
                ImageSize = 32,
                Seed = 3,
            }
        );

    public static TrainingOptions Recipe { get; } =
        new()
        {
            Epochs = 2,
            BatchSize = 8,
            LearningRate = 3e-3,
            VocabularySize = 560,
            Threads = 1,
            LoaderThreads = 1,
            CheckpointMinutes = 1000,
        };

    public static ComparedSystem CmaClip { get; } =
        new(
            "cma-clip",
            "cma-clip",
            "tiny",
            new CmaClipOptions
            {
                ImageSize = 16,
                ContextLength = 16,
                Image = Tower,
                Text = new TextTransformerOptions
                {
                    Width = 16,
                    Layers = 1,
                    Heads = 2,
                },
                JointWidth = 16,
                FusionLayers = 1,
                FusionHeads = 2,
                HeadWidth = 16,
            },
            Recipe
        );

    public static ComparedSystem Clip { get; } =
        new(
            "clip:head_width=0",
            "clip",
            "tiny",
            new ClipOptions
            {
                ImageSize = 16,
                ContextLength = 16,
                Image = Tower,
                Text = new TextTransformerOptions
                {
                    Width = 16,
                    Layers = 1,
                    Heads = 2,
                },
                JointWidth = 16,
                HeadWidth = 0,
            },
            Recipe
        );

    /// <summary>Fails in its first run as in every other: its tokenizer file is not there.</summary>
    public static ComparedSystem Broken { get; } =
        CmaClip with
        {
            Label = "broken",
            Training = Recipe with { TokenizerPath = "/nowhere/tokenizer.json" },
        };

    public string Table => _folder[Path.Combine("data", "products.csv")];

    public DataConfiguration Data =>
        new()
        {
            Path = Table,
            ImageColumns = ["image"],
            TextColumns = ["title"],
            TaskColumns = ["category", "color"],
            SplitColumn = "split",
        };

    private static VisionTransformerOptions Tower =>
        new()
        {
            PatchSize = 8,
            Width = 16,
            Layers = 1,
            Heads = 2,
        };

    public string this[string name] => _folder[name];

    public ComparisonOptions Options(params ComparedSystem[] systems) =>
        new()
        {
            Systems = systems,
            Data = Data,
            Seeds = [1, 2],
        };

    public void Dispose() => _folder.Dispose();
}
