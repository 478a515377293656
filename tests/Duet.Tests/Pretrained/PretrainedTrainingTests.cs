// From a published checkpoint to a trained run, and to an imported one.
using Duet.Data;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Text;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class PretrainedTrainingTests
{
    private const int Vocabulary = 540;

    [Fact]
    public void Towers_learn_at_a_tenth_of_the_rate_where_nothing_else_is_said()
    {
        new TrainingOptions().BackboneScale().ShouldBe(1);
        new TrainingOptions { Pretrained = "x" }
            .BackboneScale()
            .ShouldBe(0.1);
        new TrainingOptions { Pretrained = "x", BackboneLearningRateScale = 0.5 }
            .BackboneScale()
            .ShouldBe(0.5);
        (new TrainingOptions() with { Pretrained = "x" }).BackboneScale().ShouldBe(0.1);
    }

    [Fact]
    public void A_run_starts_from_the_checkpoint_and_its_tokenizer()
    {
        using var scope = NewDisposeScope();
        using var original = Original();
        using var checkpoint = Checkpoint(original);
        using var data = new TemporaryFolder();
        var table = SyntheticCatalog.Write(data.Path, new SyntheticOptions { Count = 60, ImageSize = 32 }).Table;
        RunConfiguration configuration;
        using (var source = PretrainedSource.Open(checkpoint.Path))
        {
            configuration = new RunConfiguration
            {
                Model = "cma-clip",
                Preset = "tiny",
                Options = ModelRegistry.Find("cma-clip").Preset("tiny"),
                Data = Data(table),
                Training = new(),
            }.StartFrom(source);
        }

        configuration = configuration with
        {
            Training = configuration.Training with
            {
                Epochs = 1,
                BatchSize = 24,
                Threads = 1,
                BackboneLearningRateScale = 0,
                EmaDecay = 0,
                WeightDecay = 0,
            },
        };

        var notes = new Notes();
        TrainingJob.Start(configuration, data["run"]).Run(notes);

        notes.Texts.ShouldContain(note => note.Contains("HuggingFaceClip", StringComparison.Ordinal));
        var folder = new RunFolder(data["run"]);
        folder.LoadTokenizer().VocabularySize.ShouldBe(Vocabulary);
        using var trained = folder.LoadModel(folder.LoadConfiguration(), folder.LoadSchema(), folder.LoadTokenizer());
        var theirs = original.NamedState().ToDictionary();
        foreach (
            var (name, tensor) in trained
                .NamedState()
                .Where(tensor =>
                    tensor.Key.StartsWith("visual.", StringComparison.Ordinal) || tensor.Key.StartsWith("text.", StringComparison.Ordinal)
                )
        )
        {
            // Frozen towers are exactly what was published.
            tensor.ToArray().ShouldBe(theirs[name].ToArray(), name);
        }
    }

    [Fact]
    public void An_imported_run_embeds_as_the_checkpoint_does()
    {
        using var scope = NewDisposeScope();
        using var original = Original();
        using var checkpoint = Checkpoint(original);
        using var output = new TemporaryFolder();
        using var source = PretrainedSource.Open(checkpoint.Path);

        var (report, model) = PretrainedImport.Run(source, output["run"]);

        model.ShouldBe("clip");
        report.New.ShouldAllBe(name => name.StartsWith("missing_", StringComparison.Ordinal));
        var folder = new RunFolder(output["run"]);
        folder.LoadSchema().Tasks.ShouldBeEmpty();
        using var imported = folder.LoadModel(folder.LoadConfiguration(), folder.LoadSchema(), folder.LoadTokenizer());
        TinyTowers.ShouldComputeTheSame(imported, original);

        // A run is a source too, with its own tokenizer.
        using var again = PretrainedSource.Open(output["run"]);
        again.Format.ShouldBe(PretrainedFormat.DuetRun);
        PretrainedImport.Run(again, output["again"]);
        new RunFolder(output["again"]).LoadTokenizer().VocabularySize.ShouldBe(Vocabulary);
        Should.Throw<PretrainedException>(() => PretrainedImport.Run(source, output["run"])).Message.ShouldContain("not empty");
    }

    [Theory]
    [InlineData("visualbert", 0)]
    [InlineData("imagebert", 1)]
    [InlineData("kaleidobert", 1)]
    public void A_stage_of_pre_training_hands_all_but_the_task_heads_to_the_next(string system, int pretraining)
    {
        using var scope = NewDisposeScope();
        using var data = new TemporaryFolder();
        var table = SyntheticCatalog.Write(data.Path, new SyntheticOptions { Count = 40, ImageSize = 32 }).Table;
        var configuration = new RunConfiguration
        {
            Model = system,
            Preset = "tiny",
            Options = ModelRegistry.Find(system).Preset("tiny"),
            Data = Data(table),
            Training = new()
            {
                Epochs = 1,
                PretrainEpochs = pretraining,
                BatchSize = 16,
                Threads = 1,
                VocabularySize = 540,
            },
        };
        TrainingJob.Start(configuration, data["first"]).Run(new Notes());
        var first = new RunFolder(data["first"]);
        using var source = PretrainedSource.Open(first.Path);
        using var next = ModelRegistry
            .Find(system)
            .Create(configuration.StartFrom(source).Options, ModelContext.From(first.LoadSchema(), first.LoadTokenizer()));

        var report = PretrainedLoader.Initialize(next, source);

        report.New.ShouldAllBe(name =>
            !name.StartsWith("network.", StringComparison.Ordinal)
            && !name.StartsWith("image.", StringComparison.Ordinal)
            && !name.StartsWith("objects.", StringComparison.Ordinal)
        );
        using var before = first.LoadModel(first.LoadConfiguration(), first.LoadSchema(), first.LoadTokenizer());
        var theirs = before.NamedState().ToDictionary();
        var ours = next.NamedState().ToDictionary();
        report.Loaded.ShouldAllBe(name => ours[name].ToArray().SequenceEqual(theirs[name].ToArray()));

        // A system of another kind takes the towers and no more.
        using var mmbt = ModelRegistry
            .Find("mmbt")
            .Create(
                PretrainedLoader.Configure("mmbt", ModelRegistry.Find("mmbt").Preset("tiny"), source),
                ModelContext.From(first.LoadSchema(), first.LoadTokenizer())
            );
        PretrainedLoader
            .Initialize(mmbt, source)
            .Loaded.ShouldAllBe(name =>
                name.StartsWith("network.bert.", StringComparison.Ordinal) || name.StartsWith("network.image.", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void A_picture_tower_is_imported_without_a_vocabulary_and_a_text_tower_is_not()
    {
        using var scope = NewDisposeScope();
        using var network = TinyTowers.Random("resnet", TinyTowers.ResNet, 3);
        using var checkpoint = new CheckpointFolder()
            .Json("config.json", TinyTowers.ResNetConfig)
            .Weights(PublishedState.HuggingFaceResNet(network.NamedState(), "image.", "resnet."));
        using var output = new TemporaryFolder();
        using (var source = PretrainedSource.Open(checkpoint.Path))
        {
            PretrainedImport.Run(source, output["run"]).Model.ShouldBe("resnet");
            new RunFolder(output["run"]).LoadTokenizer().Kind.ShouldBe(ClipBpe.KindName);
        }

        using var bert = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        checkpoint
            .Json("config.json", TinyTowers.BertConfig())
            .Weights(PublishedState.HuggingFaceBert(bert.NamedState(), "bert.", "bert."));
        using var text = PretrainedSource.Open(checkpoint.Path);
        Should.Throw<PretrainedException>(() => PretrainedImport.Run(text, output["other"])).Message.ShouldContain("no tokenizer");
    }

    [Fact]
    public void A_cased_vocabulary_stays_cased()
    {
        using var scope = NewDisposeScope();
        using var bert = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        string[] tokens =
        [
            "[PAD]",
            "[UNK]",
            "[CLS]",
            "[SEP]",
            "[MASK]",
            "Red",
            "red",
            .. Enumerable.Range(0, 89).Select(number => $"w{number}"),
        ];
        using var checkpoint = new CheckpointFolder()
            .Json("config.json", TinyTowers.BertConfig())
            .Weights(PublishedState.HuggingFaceBert(bert.NamedState(), "bert.", "bert."))
            .Text("vocab.txt", string.Join('\n', tokens) + "\n");
        using var source = PretrainedSource.Open(checkpoint.Path);
        source.LoadTokenizer()!.Tokenize("Red").ShouldBe([6]);
        checkpoint.Json("tokenizer_config.json", new { do_lower_case = false });
        source.LoadTokenizer()!.Tokenize("Red").ShouldBe([5]);
    }

    private static ProductModel Original()
    {
        TorchRuntime.Seed(1);
        return new Clip(TinyTowers.Clip, new ModelContext([], Vocabulary, 0, Vocabulary - 1, -1));
    }

    private static CheckpointFolder Checkpoint(ProductModel original)
    {
        var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.HuggingFaceClipConfig(Vocabulary))
            .Weights(PublishedState.HuggingFaceClip(original.NamedState()));
        var words = Enumerable.Range(0, 400).Select(number => $"bright{number % 7} shirts dresses leather cotton shoes striped plain");
        var tokenizer = BpeTrainer.Train(words, new BpeTrainerOptions { VocabularySize = Vocabulary });
        tokenizer.VocabularySize.ShouldBe(Vocabulary);
        tokenizer.Save(folder.Path);
        return folder;
    }

    private static DataConfiguration Data(string table) =>
        new()
        {
            Path = table,
            ImageColumns = ["image"],
            TextColumns = ["title"],
            TaskColumns = ["category", "color"],
            SplitColumn = "split",
        };

    private sealed class Notes : ITrainingProgress
    {
        public List<string> Texts { get; } = [];

        public void Note(string text) => Texts.Add(text);

        public void Embedded(int done, int total) { }

        public void Scanned(int done, int total)
        {
            // Only the notes are of interest here.
        }

        public void Step(StepReport step)
        {
            // Only the notes are of interest here.
        }

        public void Epoch(EpochReport epoch)
        {
            // Only the notes are of interest here.
        }
    }
}
