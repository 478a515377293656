// Frozen towers that run once: what is trained on their sequences, and what they are kept in.
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Torch;
using Duet.Torch.Safetensors;
using Duet.Training;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;
using BFloat16 = Duet.Training.BFloat16;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class SequenceCacheTests(TrainingCatalogue catalogue) : IDisposable
{
    private static readonly TrainingOptions Recipe = TrainingCatalogue.Recipe with
    {
        BackboneLearningRateScale = 0,
        CacheTowers = true,
        TokenDropout = 0,
        TokenSplit = 0,
        ImageDropout = 0,
        TextDropout = 0,
        Epochs = 2,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_comes_after_the_towers_learns_and_the_towers_stay()
    {
        var recorder = new Recorder();
        var run = Train(Recipe, "cached", recorder);
        var before = Train(Recipe with { Epochs = 1, LearningRate = 1e-9 }, "before", new Recorder());
        var (now, then) = (State(run), State(before));
        now.Keys.ShouldBe(then.Keys, ignoreOrder: true);
        foreach (var (name, values) in now)
        {
            var isTower = name.StartsWith("visual.", StringComparison.Ordinal) || name.StartsWith("text.", StringComparison.Ordinal);
            var same = values.Zip(then[name], (a, b) => Math.Abs(a - b)).Max() < 1e-6;
            same.ShouldBe(isTower || name.StartsWith("contrastive.", StringComparison.Ordinal), name);
        }

        recorder.Epochs[^1].Loss.ShouldBeLessThan(recorder.Epochs[0].Loss);
        recorder.Embeddings[0].Done.ShouldBe(0);
        recorder.Embeddings[^1].Done.ShouldBe(recorder.Embeddings[^1].Total);
        File.Exists(Path.Combine(run, "sequences.tmp")).ShouldBeFalse("the cache goes with the training");
    }

    [Fact]
    public void The_scores_are_those_of_the_whole_model()
    {
        var recorder = new Recorder();
        var run = Train(Recipe with { EmaDecay = 0 }, "scored", recorder);
        using var model = DuetModel.Load(run, new ModelUseOptions { Threads = 1 });
        var table = catalogue.Configuration(Recipe).Data;
        var report = new Evaluator(model).Evaluate(new TableSource(table.Path), "val").Report;
        var kept = recorder.Epochs.Last(epoch => epoch.IsBest);

        // The cache rounds to bfloat16, which may move a product at the border of two classes.
        foreach (var (task, score) in kept.Scores)
        {
            var found = report.Tasks[task];
            (found.MultiLabel ? found.MicroF1 : found.Accuracy)!.Value.ShouldBe(score, 0.02, task);
        }
    }

    [Fact]
    public void It_needs_frozen_towers()
    {
        var message = Should.Throw<OptionException>(() => (Recipe with { BackboneLearningRateScale = 0.1 }).Validate()).Message;
        message.ShouldContain("cache_towers");
        message.ShouldContain("backbone_learning_rate_scale 0");
    }

    [Fact]
    public void It_needs_a_system_that_goes_on_from_sequences()
    {
        var configuration = catalogue.Configuration(Recipe) with
        {
            Model = "bert",
            Preset = "tiny",
            Options = ModelRegistry.Find("bert").Preset("tiny"),
        };
        Should
            .Throw<OptionException>(() => TrainingJob.Start(configuration, _folder["bert"]).Run(new Recorder()))
            .Message.ShouldContain("does not go on from the sequences of two towers");
    }

    [Fact]
    public void Bfloat16_rounds_as_libtorch_does() =>
        Prop.ForAll<float>(value =>
            {
                var (bits, wide) = (new ushort[1], new float[1]);
                BFloat16.Round([value], bits);
                BFloat16.Widen(bits, wide);
                using var scope = NewDisposeScope();
                wide[0].ShouldBe(Tensors.From([value], 1).to(ScalarType.BFloat16).to(ScalarType.Float32).ToArray()[0]);
            })
            .CheckSeeded();

    private string Train(TrainingOptions recipe, string name, Recorder recorder)
    {
        TrainingJob.Start(catalogue.Configuration(recipe), _folder[name]).Run(recorder);
        return _folder[name];
    }

    private static Dictionary<string, float[]> State(string run)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(new RunFolder(run).WeightsFile);
        return file.ReadTensors()
            .ToDictionary(tensor => tensor.Key, tensor => tensor.Value.to(ScalarType.Float32).ToArray(), StringComparer.Ordinal);
    }
}
