// Two sources of weights: one gives the tower for pictures, the other the tower for texts.
using Duet.Data;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Tests.Models;
using Duet.Tests.Training;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(TrainingCollection.Name)]
public sealed class TowerPairCheckpointTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly List<IDisposable> _folders = [];

    public void Dispose()
    {
        _folders.ForEach(folder => folder.Dispose());
        _scope.Dispose();
    }

    [Fact]
    public void A_residual_network_and_bert_in_either_order()
    {
        var (network, bert) = (ResNet(), Bert());
        foreach (var names in (string[])[$"{network},{bert}", $"{bert},{network}"])
        {
            var (options, reports) = Start(names);
            options.Image.ShouldBeOfType<ResNetOptions>().FrozenStatistics.ShouldBeTrue();
            options.Text.ShouldBeOfType<BertTowerOptions>().Width.ShouldBe(16);
            (options.JointWidth, options.FusionHeads).ShouldBe((16, 1));
            reports.SelectMany(report => report.Loaded).ShouldContain("visual.layer4.0.conv1.weight");
            reports.SelectMany(report => report.Loaded).ShouldContain("text.encoder.resblocks.1.attn.in_proj_weight");
            reports[^1].New.ShouldContain("image_tokens.weight");
        }
    }

    [Fact]
    public void Clip_beside_another_tower_gives_the_one_it_is_named_for()
    {
        var (clip, bert, network, vit) = (Clip(), Bert(), ResNet(), Vit());

        var (pictured, first) = Start($"{clip},{bert}");
        pictured.Image.ShouldBeOfType<VisionTransformerOptions>().Width.ShouldBe(16);
        pictured.Text.ShouldBeOfType<BertTowerOptions>();
        pictured.JointWidth.ShouldBe(12, "CLIP's projection is into its own joint space");
        pictured.ImageSize.ShouldBe(24);
        first[0].Loaded.ShouldAllBe(name => name.StartsWith("visual.", StringComparison.Ordinal));
        first[0].Loaded.ShouldContain("visual.proj");

        foreach (var picture in (string[])[network, vit])
        {
            var (texted, second) = Start($"{picture},{clip}");
            texted.Image.ShouldNotBeOfType<VisionTransformerOptions>();
            texted.Text.ShouldBeOfType<TextTransformerOptions>().Width.ShouldBe(24);
            second[1].Loaded.ShouldAllBe(name => name.StartsWith("text.", StringComparison.Ordinal));
            second[1].Loaded.ShouldContain("text.text_projection");
        }
    }

    [Fact]
    public void Two_towers_of_one_kind_are_refused()
    {
        var message = Should.Throw<OptionException>(() => PretrainedSource.OpenAll($"{ResNet()},{Vit()}")).Message;
        message.ShouldContain("tower for pictures");
        message.ShouldContain("PICTURES,TEXTS");
        Should.Throw<OptionException>(() => PretrainedSource.OpenAll($"{Bert()},{Bert()}")).Message.ShouldContain("tower for texts");
    }

    [Fact]
    public void Towers_that_the_options_do_not_choose_are_refused()
    {
        using var source = PretrainedSource.Open(Bert());
        using var model = TinyTowers.Random("cma-clip", ContractModel.WithTowers("vit", "t5"), 3);
        var message = Should.Throw<OptionException>(() => PretrainedLoader.Initialize(model, source)).Message;
        message.ShouldContain("a BERT encoder");
        message.ShouldContain("a T5 encoder");
    }

    // T5's vocabulary has all bytes, so that every language has its tokens.
    [Fact]
    public void A_run_with_a_residual_network_and_t5_learns_a_table_in_three_languages_and_resumes_exactly()
    {
        var t5 = Keep(T5CheckpointTests.Folder(out _)).Path;
        using var data = new TemporaryFolder();
        var table = ThreeLanguages(data);
        var names = $"{ResNet()},{t5}";
        var sources = PretrainedSource.OpenAll(names);
        var tiny = (CmaClipOptions)CmaClip.Descriptor.Preset("tiny") with { ImageSize = 32 };
        var options = sources.Aggregate((ModelOptions)tiny, (current, source) => PretrainedLoader.Configure("cma-clip", current, source));
        sources.ToList().ForEach(source => source.Dispose());
        var configuration = new RunConfiguration
        {
            Model = "cma-clip",
            Preset = "tiny",
            Options = options,
            Data = TrainingCatalogue.Columns(table) with { TaskColumns = ["color"] },
            Training = TrainingCatalogue.Recipe with { Epochs = 15, Pretrained = names, BackboneLearningRateScale = 1 },
        };
        options.Tokenizer.ShouldBe("t5-unigram");

        var whole = new Recorder();
        TrainingJob.Start(configuration, data["whole"]).Run(whole);
        var losses = whole.Epochs.Select(epoch => epoch.Loss).ToList();
        losses[^1].ShouldBeLessThan(0.8 * losses[0]);

        using var stop = new CancellationTokenSource();
        var seen = 0;
        TrainingJob
            .Start(configuration, data["resumed"])
            .Run(
                new Recorder(_ =>
                {
                    if (++seen == 5)
                    {
                        stop.Cancel();
                    }
                }),
                stop.Token
            )
            .Finished.ShouldBeFalse();
        TrainingJob.Resume(data["resumed"]).Run(new Recorder()).Finished.ShouldBeTrue();
        RunResults.ShouldBeTheSameRun(data["resumed"], data["whole"]);
    }

    private static (CmaClipOptions Options, List<PretrainedReport> Reports) Start(string names)
    {
        var sources = PretrainedSource.OpenAll(names);
        try
        {
            ModelOptions options = new CmaClipOptions { ContextLength = 16, ImageSize = 64 };
            options = sources.Aggregate(options, (current, source) => PretrainedLoader.Configure("cma-clip", current, source));
            options.Validate();
            using var model = TinyTowers.Random("cma-clip", options, 5);
            return ((CmaClipOptions)options, [.. sources.Select(source => PretrainedLoader.Initialize(model, source))]);
        }
        finally
        {
            sources.ToList().ForEach(source => source.Dispose());
        }
    }

    // The synthetic catalogue with the colour in one of three languages as its title.
    private static string ThreeLanguages(TemporaryFolder data)
    {
        var written = SyntheticCatalog.Write(data.Path, new SyntheticOptions { Count = 48, ImageSize = 32 });
        var lines = File.ReadAllLines(written.Table);
        var columns = lines[0].Split(',').ToList();
        var (title, color) = (columns.IndexOf("title"), columns.IndexOf("color"));
        string[] pattern = ["a {0} thing", "ein {0} Ding", "{0} の もの"];
        for (var row = 1; row < lines.Length; row++)
        {
            var cells = lines[row].Split(',');
            cells[title] = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern[row % 3], cells[color]);
            lines[row] = string.Join(',', cells);
        }

        File.WriteAllLines(written.Table, lines);
        return written.Table;
    }

    private string Clip()
    {
        using var clip = TinyTowers.Random("clip", TinyTowers.Clip, 1);
        return Keep(
            new CheckpointFolder()
                .Json("config.json", TinyTowers.HuggingFaceClipConfig())
                .Weights(PublishedState.HuggingFaceClip(clip.NamedState()))
        ).Path;
    }

    private string Bert()
    {
        using var bert = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        return Keep(
            new CheckpointFolder()
                .Json("config.json", TinyTowers.BertConfig())
                .Weights(PublishedState.HuggingFaceBert(bert.NamedState(), "bert.", "bert."))
        ).Path;
    }

    private string ResNet()
    {
        using var network = TinyTowers.Random("resnet", TinyTowers.ResNet, 3);
        return Keep(
            new CheckpointFolder()
                .Json("config.json", TinyTowers.ResNetConfig)
                .Weights(PublishedState.HuggingFaceResNet(network.NamedState(), "image.", "resnet."))
        ).Path;
    }

    private string Vit()
    {
        using var vit = TinyTowers.Random("vit", TinyTowers.Vit, 4);
        return Keep(
            new CheckpointFolder()
                .Json("config.json", TinyTowers.VitConfig)
                .Weights(PublishedState.HuggingFaceVit(vit.NamedState(), "vit."))
        ).Path;
    }

    private CheckpointFolder Keep(CheckpointFolder folder)
    {
        _folders.Add(folder);
        return folder;
    }
}
