// Modality-wise attention against the truth: in the built-in catalogue it is known where every answer stands.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Training;
using Duet.Vision;
using Xunit.Abstractions;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class RelevanceTests(ITestOutputHelper output) : IDisposable
{
    private static readonly CmaClipOptions Small = new()
    {
        ImageSize = 32,
        ContextLength = 20,
        Image = new() { PatchSize = 8, Width = 48, Layers = 1, Heads = 2, Stem = PatchStem.Convolutional },
        Text = new() { Width = 48, Layers = 1, Heads = 2 },
        JointWidth = 48,
        FusionLayers = 1,
        FusionHeads = 2,
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
        LabelSmoothing = 0,
        Threads = 1,
        CheckpointMinutes = 1000,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tasks_are_weighed_by_the_input_that_carries_them()
    {
        var (truth, shares) = Train(Small);
        truth.Count.ShouldBe(shares["pattern"].Length);
        shares["pattern"].Average().ShouldBeGreaterThan(0.4);
        foreach (var text in (string[])["material", "gender"])
        {
            shares[text].Average().ShouldBeLessThan(0.1);
            (shares["pattern"].Average() - shares[text].Average()).ShouldBeGreaterThan(0.3, text);
        }
    }

    // Sequence-wise attention carries words into the picture's aggregate and the other way round, so that with it a share says what a task
    // goes by and hardly what one product's answer stands in. Without it, each aggregate knows its own input alone.
    [Fact]
    public void Single_products_are_weighed_by_the_input_that_carries_them()
    {
        var (truth, shares) = Train(Small with { SequenceWiseAttention = false });
        var known = truth.Select(product => product.Relevance.Single(relevance => relevance.Task == "color").Modality switch
        {
            RelevantModality.Image => 1.0,
            RelevantModality.Text => 0,
            _ => 0.5,
        }).ToArray();
        RankCorrelation(known, shares["color"]).ShouldBeGreaterThan(0.4);
        (Mean(1) - Mean(0)).ShouldBeGreaterThan(0.25);

        double Mean(double group) => shares["color"].Where((_, i) => known[i] == group).Average();
    }

    [Fact]
    public void Rank_correlation_is_right()
    {
        RankCorrelation([1, 2, 3], [10, 20, 21]).ShouldBe(1, 1e-12);
        RankCorrelation([1, 2, 3], [3, 2, 1]).ShouldBe(-1, 1e-12);

        // By hand: ranks 1.5, 1.5, 3, 4 against 1, 2, 4, 3.
        RankCorrelation([5, 5, 6, 7], [1, 2, 9, 8]).ShouldBe(3.5 / Math.Sqrt(4.5 * 5), 1e-12);
    }

    // A trained model's picture shares per task on the test split, beside the truth about it.
    private (List<SyntheticProduct> Truth, Dictionary<string, double[]> Shares) Train(CmaClipOptions options)
    {
        var files = SyntheticCatalog.Write(_folder.Path, new SyntheticOptions { Count = 1000, ImageSize = 32, Seed = 23, Noise = 4 });
        var run = new RunFolder(_folder["run"]);
        var configuration = new RunConfiguration { Options = options, Data = TrainingCatalogue.Columns(files.Table), Training = Short };
        var recorder = new Recorder();
        TrainingJob.Start(configuration, run.Path).Run(recorder);
        output.WriteLine("validation: " + string.Join(", ", recorder.Epochs[^1].Scores.Select(score => $"{score.Key} {score.Value:0.00}")));
        var shares = ImageShares(run, configuration);
        output.WriteLine("picture shares: " + string.Join(", ", shares.Select(task => $"{task.Key} {task.Value.Average():0.00}")));
        return (files.Products.Where(product => product.Split == "test").ToList(), shares);
    }

    // Picture shares per task, in the order of the test split.
    private static Dictionary<string, double[]> ImageShares(RunFolder run, RunConfiguration configuration)
    {
        var (schema, tokenizer) = (run.LoadSchema(), run.LoadTokenizer());
        using var model = run.LoadModel(configuration, schema, tokenizer);
        model.Evaluate();
        using var builder = new BatchBuilder(configuration.Options, Device.Cpu);
        var quarantine = new Quarantine();
        var products = ProductTable.Open(configuration.Data.ToTable()).Read(quarantine).Where(product => product.Split == "test").ToList();
        var encoder = new ProductEncoder(tokenizer, schema, new EncodingOptions { ContextLength = configuration.Options.ContextLength });
        var pictures = new PicturePipeline(new PictureOptions { Preprocessing = ImagePreprocessing.Clip(configuration.Options.ImageSize) });
        var loader = new ProductLoader(ProductDataset.Create(products, encoder, pictures, quarantine), new LoaderOptions { BatchSize = 100, Workers = 1 });
        var shares = schema.Tasks.ToDictionary(task => task.Name, _ => new List<double>(), StringComparer.Ordinal);
        foreach (var host in loader.Batches(0))
        {
            using var scope = new TensorScope();
            using var recording = Gradients.Disabled();
            var output = model.Forward(builder.Build(host));
            for (var task = 0; task < schema.Tasks.Count; task++)
            {
                shares[schema.Tasks[task].Name].AddRange(output.ModalityShares![task].Select(1, 0).ToArray().Select(share => (double)share));
            }

            host.Dispose();
        }

        return shares.ToDictionary(task => task.Key, task => task.Value.ToArray(), StringComparer.Ordinal);
    }

    // Spearman's, with mean ranks for ties.
    private static double RankCorrelation(double[] first, double[] second)
    {
        var (a, b) = (Ranks(first), Ranks(second));
        var (meanA, meanB) = (a.Average(), b.Average());
        var covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    private static double[] Ranks(double[] values) => [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0))];
}
