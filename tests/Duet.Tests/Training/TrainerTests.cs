// What the trainer keeps, when it stops, and that accumulated batches make one large one.
using System.Security.Cryptography;
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Training;
using Duet.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class TrainerTests(TrainingCatalogue catalogue) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stops_when_patience_is_out_and_keeps_the_best_epoch()
    {
        var run = new RunFolder(_folder["run"]);
        var hashes = new List<string>();

        // A rate so small that no decision changes: the first epoch stays the best, though every epoch has other weights.
        var recipe = TrainingCatalogue.Recipe with
        {
            Epochs = 9,
            Patience = 2,
            LearningRate = 1e-7,
            EmaDecay = 0,
        };
        var recorder = new Recorder(onEpoch: epoch =>
        {
            hashes.Add(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(run.WeightsFile))));
            epoch.IsBest.ShouldBe(epoch.Epoch == 1);
        });
        var result = TrainingJob.Start(catalogue.Configuration(recipe), run.Path).Run(recorder);
        result.Finished.ShouldBeTrue();
        (result.BestEpoch, result.BestScore).ShouldBe((1, recorder.Epochs[0].Score));
        recorder.Epochs.Count.ShouldBe(3);
        hashes.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void Keeps_the_weights_of_the_best_epoch()
    {
        var run = new RunFolder(_folder["run"]);
        var scores = new List<double>();
        var kept = string.Empty;
        var recorder = new Recorder(onEpoch: epoch =>
        {
            epoch.IsBest.ShouldBe(scores.Count == 0 || epoch.Score > scores.Max());
            scores.Add(epoch.Score!.Value);
            kept = epoch.IsBest ? Hash() : kept;
            Hash().ShouldBe(kept, "only a better epoch replaces the weights");
        });
        var configuration = catalogue.Configuration(
            TrainingCatalogue.Recipe with
            {
                Epochs = 6,
                LearningRate = 0.03,
                EmaDecay = 0.5,
                BestTolerance = 0,
            }
        );
        var result = TrainingJob.Start(configuration, run.Path).Run(recorder);
        result.BestScore.ShouldBe(scores.Max());
        result.BestEpoch.ShouldBe(scores.IndexOf(scores.Max()) + 1);
        recorder.Epochs.ShouldAllBe(epoch =>
            epoch.Scores.Count == 5 && Math.Abs(epoch.Scores.Values.Average() - epoch.Score!.Value) < 1e-12
        );

        // The kept weights are the ones that were scored: the averaged ones.
        using var model = run.LoadModel(configuration, run.LoadSchema(), run.LoadTokenizer());
        using var builder = new BatchBuilder(model.Options, CPU);
        var loader = Loader("val", run, configuration, batchSize: 128);
        var score = ValidationScore.Of(model, new ForwardPass(model, builder, Precision.Fp32), loader.Batches(0));
        score.Mean!.Value.ShouldBe(scores.Max(), 1e-12);

        string Hash() => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(run.WeightsFile)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void The_last_epoch_is_kept_where_it_is_as_good_as_the_best_up_to_chance(double tolerance)
    {
        // A rate so small that no decision changes: every epoch has the first one's score.
        var recipe = TrainingCatalogue.Recipe with
        {
            Epochs = 3,
            LearningRate = 1e-7,
            EmaDecay = 0,
            BestTolerance = tolerance,
        };
        var recorder = new Recorder();
        var result = TrainingJob.Start(catalogue.Configuration(recipe), _folder["run"]).Run(recorder);
        result.BestEpoch.ShouldBe(tolerance > 0 ? 3 : 1);
        recorder.Epochs.Select(epoch => epoch.IsBest).ShouldBe([true, false, tolerance > 0]);
    }

    [Fact]
    public void Without_validation_the_last_weights_are_kept()
    {
        var table = File.ReadAllLines(catalogue.Files.Table);
        var path = Path.Combine(Path.GetDirectoryName(catalogue.Files.Table)!, "train-only.csv");
        File.WriteAllLines(path, table.Where(line => !line.EndsWith(",val", StringComparison.Ordinal)));
        var configuration = catalogue.Configuration(TrainingCatalogue.Recipe with { Epochs = 2, Patience = 1 }) with
        {
            Data = TrainingCatalogue.Columns(path) with { TrainFraction = 0.9, ValidationFraction = 0 },
        };
        var result = TrainingJob.Start(configuration, _folder["run"]).Run(new Recorder());
        (result.Finished, result.BestScore, result.BestEpoch).ShouldBe((true, null, 2));
        File.Exists(new RunFolder(_folder["run"]).WeightsFile).ShouldBeTrue();
    }

    [Fact]
    public void Training_lowers_the_loss()
    {
        var recorder = new Recorder();
        var recipe = TrainingCatalogue.Recipe with
        {
            Epochs = 30,
            LearningRate = 5e-3,
            PretrainEpochs = 6,
            PretrainLearningRate = 1e-2,
            LabelSmoothing = 0,
            TextDropout = 0.1,
            TokenSplit = 0,
            CropScale = 0.9,
            ErasingProbability = 0,
            NoiseProbability = 0,
        };
        TrainingJob.Start(catalogue.Configuration(recipe), _folder["run"]).Run(recorder);
        foreach (var stage in recorder.Epochs.GroupBy(epoch => epoch.Stage))
        {
            stage.Last().Loss.ShouldBeLessThan(0.9 * stage.First().Loss, stage.Key.ToString());
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)] // The epoch ends before the step has its third batch.
    public void Accumulated_batches_make_the_gradient_of_one_large_batch(int accumulation)
    {
        var run = new RunFolder(_folder["run"]);
        var options = TrainingCatalogue.Micro with
        {
            Dropout = 0,
            HeadDropout = 0,
            Image = (VisionTransformerOptions)TrainingCatalogue.Micro.Image with { Stem = PatchStem.Linear },
        };
        var configuration = catalogue.Configuration(TrainingCatalogue.Recipe with { Epochs = 1 }, options);
        TrainingJob.Start(configuration, run.Path).Run(new Recorder());

        // Material only: its labels are all there, so that the halves weigh the same.
        var schema = new TaskSchema([run.LoadSchema().Tasks.Single(task => task.Name == "material")]);
        using var whole = Gradients(run, configuration, schema, batchSize: 16, batches: 1, accumulation: 1);
        using var halves = Gradients(run, configuration, schema, batchSize: 8, batches: 2, accumulation);
        var compared = 0;
        foreach (var ((name, one), (_, two)) in whole.NamedParameters().Zip(halves.NamedParameters()))
        {
            if (one.grad is not { } expected)
            {
                two.grad.ShouldBeNull(name);
                continue;
            }

            compared++;
            two.grad!.ToArray().Zip(expected.ToArray()).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(1e-5f, name);
        }

        compared.ShouldBeGreaterThan(40);
    }

    private static CmaClip Gradients(
        RunFolder run,
        RunConfiguration configuration,
        TaskSchema schema,
        int batchSize,
        int batches,
        int accumulation
    )
    {
        TorchRuntime.Seed(7);
        var recipe = configuration.Training with { AccumulationSteps = accumulation, LabelSmoothing = 0.1 };
        var model = new CmaClip((CmaClipOptions)configuration.Options, ModelContext.From(schema, run.LoadTokenizer()));
        using var loss = new MultiTaskLoss(schema.Tasks, LossBalancing.Equal, recipe.LabelSmoothing);
        using var stage = new StageLoop(TrainingStage.Training, model, loss, recipe, batches, prolongedFrom: 0);
        using var builder = new BatchBuilder(model.Options, CPU);
        foreach (var (number, batch) in Loader("train", run, configuration, batchSize, schema).Batches(0).Take(batches).Index())
        {
            using (batch)
            {
                stage.Accumulate(builder, batch, number);
            }
        }

        return model;
    }

    private static ProductLoader Loader(
        string split,
        RunFolder run,
        RunConfiguration configuration,
        int batchSize,
        TaskSchema? schema = null
    )
    {
        schema ??= run.LoadSchema();
        var quarantine = new Quarantine();
        var products = ProductTable
            .Open(configuration.Data.ToTable() with { Tasks = schema.Columns })
            .Read(quarantine)
            .Where(product => product.Split == split && (schema.Tasks.Count > 1 || product.Labels[0] is not null))
            .ToList();
        var encoder = new ProductEncoder(
            run.LoadTokenizer(),
            schema,
            new EncodingOptions { ContextLength = configuration.Options.ContextLength, TrimToLongest = true }
        );
        var pictures = new PicturePipeline(new PictureOptions { Preprocessing = ImagePreprocessing.Clip(configuration.Options.ImageSize) });
        return new ProductLoader(
            ProductDataset.Create(products, encoder, pictures, quarantine),
            new LoaderOptions { BatchSize = batchSize, Workers = 1 }
        );
    }
}
