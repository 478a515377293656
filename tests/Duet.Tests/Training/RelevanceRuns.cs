// Two models trained on the built-in catalogue, each at most once for all tests that ask what a model goes by.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Training;

namespace Duet.Tests.Training;

/// <summary>CMA-CLIP with and without sequence-wise attention, trained when first asked for.</summary>
public sealed class RelevanceRuns : IDisposable
{
    private static readonly CmaClipOptions Small = new()
    {
        ImageSize = 32,
        ContextLength = 20,
        Image = new VisionTransformerOptions
        {
            PatchSize = 8,
            Width = 48,
            Layers = 1,
            Heads = 2,
            Stem = Duet.Models.Encoders.PatchStem.Convolutional,
        },
        Text = new TextTransformerOptions
        {
            Width = 48,
            Layers = 1,
            Heads = 2,
        },
        JointWidth = 48,
        FusionLayers = 1,
        FusionHeads = 2,
        FusionInitialization = FusionInitialization.Identity,
        Aggregation = Aggregation.TaskAttention,
        HeadNorm = true,
        HeadWidth = 48,
    };

    private static readonly TrainingOptions Short = new()
    {
        Epochs = 24,
        BatchSize = 32,
        LearningRate = 3e-3,
        VocabularySize = 1000,
        EmaDecay = 0.98,
        CropScale = 0.8,
        ImageDropout = 0.2,
        TextDropout = 0.2,
        TokenDropout = 0.05,
        TokenSplit = 0.1,
        ErasingProbability = 0.1,
        NoiseProbability = 0,
        LabelSmoothing = 0,
        Threads = 1,
        CheckpointMinutes = 1000,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<SyntheticFiles> _files;
    private readonly Lazy<RunFolder> _fused;
    private readonly Lazy<RunFolder> _apart;

    public RelevanceRuns()
    {
        _files = new(() =>
            SyntheticCatalog.Write(
                _folder.Path,
                new SyntheticOptions
                {
                    Count = 1000,
                    ImageSize = 32,
                    Seed = 23,
                    Noise = 4,
                }
            )
        );
        _fused = new(() => Train(Small, "fused"));
        _apart = new(() => Train(Small with { SequenceWiseAttention = false }, "apart"));
    }

    /// <summary>The catalogue; what each answer stands in is known.</summary>
    public SyntheticFiles Files => _files.Value;

    /// <summary>The test split.</summary>
    public IReadOnlyList<SyntheticProduct> Test => [.. Files.Products.Where(product => product.Split == "test")];

    /// <summary>The whole system.</summary>
    public RunFolder Fused => _fused.Value;

    /// <summary>Without sequence-wise attention: each aggregate knows its own input alone.</summary>
    public RunFolder Apart => _apart.Value;

    /// <summary>A product's picture file.</summary>
    public string Picture(SyntheticProduct product) => Path.Combine(_folder.Path, "images", $"{product.Id}.jpg");

    public void Dispose() => _folder.Dispose();

    private RunFolder Train(CmaClipOptions options, string name)
    {
        var run = new RunFolder(_folder[name]);
        TrainingJob
            .Start(
                new RunConfiguration
                {
                    Options = options,
                    Data = TrainingCatalogue.Columns(Files.Table),
                    Training = Short,
                },
                run.Path
            )
            .Run(new Recorder());
        return run;
    }
}
