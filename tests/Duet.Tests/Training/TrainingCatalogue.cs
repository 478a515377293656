// A drawn catalogue, small enough to train on in a second, and the smallest recipe for it.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Training;

namespace Duet.Tests.Training;

/// <summary>64 products (42 train, 9 validate) and a CMA-CLIP of a few thousand numbers that has every kind of part.</summary>
public sealed class TrainingCatalogue : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainingCatalogue() =>
        Files = SyntheticCatalog.Write(
            _folder.Path,
            new SyntheticOptions
            {
                Count = 64,
                ImageSize = 32,
                Seed = 5,
                MissingLabels = 0.1,
            }
        );

    public SyntheticFiles Files { get; }

    public static CmaClipOptions Micro { get; } =
        new()
        {
            ImageSize = 16,
            ContextLength = 16,
            Image = new VisionTransformerOptions
            {
                PatchSize = 8,
                Width = 16,
                Layers = 1,
                Heads = 2,
                Stem = PatchStem.Convolutional,
            },
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
            Dropout = 0.1,
        };

    public static TrainingOptions Recipe { get; } =
        new()
        {
            Epochs = 3,
            BatchSize = 8,
            LearningRate = 3e-3,
            TokenDropout = 0.05,
            TokenSplit = 0.1,
            ErasingProbability = 0.1,
            NoiseProbability = 0,
            VocabularySize = 560,
            Threads = 1,
            LoaderThreads = 1,
            CheckpointMinutes = 1000,
        };

    public static DataConfiguration Columns(string table) =>
        new()
        {
            Path = table,
            ImageColumns = ["image"],
            TextColumns = ["title"],
            TaskColumns = SyntheticCatalog.Tasks,
            SplitColumn = "split",
        };

    public RunConfiguration Configuration(TrainingOptions? recipe = null, CmaClipOptions? options = null) =>
        new()
        {
            Options = options ?? Micro,
            Data = Columns(Files.Table),
            Training = recipe ?? Recipe,
        };

    public void Dispose() => _folder.Dispose();
}
