// BERT, RoBERTa, ViT and ResNet checkpoints of every published form give the source's outputs.
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class SingleTowerCheckpointTests
{
    [Theory]
    [InlineData("bert.", false)]
    [InlineData("", false)]
    [InlineData("bert.", true)]
    public void Hugging_face_bert(string prefix, bool oldNorms)
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("bert", TinyTowers.Bert, 1);
        var state = PublishedState.HuggingFaceBert(original.NamedState(), "bert.", prefix, oldNorms);
        state["cls.predictions.bias"] = zeros([TinyTowers.Vocabulary]);
        using var folder = new CheckpointFolder().Json("config.json", TinyTowers.BertConfig()).Weights(state);

        var report = Load(folder.Path, "bert", new BertTextOptions { ImageSize = 32, ContextLength = 16 }, original);

        report
            .Ignored.Select(ignored => ignored.Key)
            .ShouldBe(["cls.predictions.bias", $"{prefix}embeddings.position_ids"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_bert_keeps_its_table_of_segments(int segments)
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random(
            "bert",
            TinyTowers.Bert with
            {
                Text = TinyTowers.Bert.Text with { Segments = segments },
            },
            1
        );
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.BertConfig(segments: segments))
            .Weights(PublishedState.HuggingFaceBert(original.NamedState(), "bert.", "bert."));

        Load(folder.Path, "bert", new BertTextOptions { ImageSize = 32, ContextLength = 16 }, original).Notes.ShouldBeEmpty();

        using var source = PretrainedSource.Open(folder.Path);
        ((BertTextOptions)PretrainedLoader.Configure("bert", new BertTextOptions(), source)).Text.Segments.ShouldBe(segments);
        ((MmbtOptions)PretrainedLoader.Configure("mmbt", new MmbtOptions(), source)).Text.Segments.ShouldBe(Math.Max(segments, 2));
    }

    [Theory]
    [InlineData("roberta.")]
    [InlineData("")]
    public void Xlm_roberta_counts_its_positions_from_two_and_has_one_segment(string prefix)
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("bert", TinyTowers.Bert with { Text = TinyTowers.Bert.Text with { Segments = 1 } }, 2);
        var state = PublishedState.HuggingFaceBert(original.NamedState(), "bert.", prefix);
        var positions = $"{prefix}embeddings.position_embeddings.weight";
        state[positions] = cat([full([2, 16], 77.0), state[positions]], 0);
        state["lm_head.dense.weight"] = zeros([16, 16]);
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.BertConfig("xlm-roberta", positions: 22, segments: 1))
            .Weights(state);

        var report = Load(folder.Path, "bert", new BertTextOptions { ImageSize = 32, ContextLength = 16 }, original);

        report.Format.ShouldBe(PretrainedFormat.HuggingFaceRoberta);
        report.Notes.ShouldBeEmpty();

        // MMBT's picture and text lie in two segments: both start as the only one there is.
        using var source = PretrainedSource.Open(folder.Path);
        using var mmbt = TinyTowers.Random(
            "mmbt",
            PretrainedLoader.Configure("mmbt", new MmbtOptions { ImageSize = 64, ContextLength = 12 }, source),
            3
        );
        PretrainedLoader.Initialize(mmbt, source).Notes.ShouldContain("2 segments from 1");
        var segments = mmbt.NamedParameters()
            .Single(parameter => parameter.Key.EndsWith("token_type_embeddings.weight", StringComparison.Ordinal))
            .Value;
        segments.select(0, 1).ToArray().ShouldBe(segments.select(0, 0).ToArray(), 1e-7);
    }

    [Theory]
    [InlineData("vit.", true)]
    [InlineData("", true)]
    [InlineData("vit.", false)]
    public void Hugging_face_vit(string prefix, bool pooler)
    {
        using var scope = NewDisposeScope();
        var shape = TinyTowers.Vit with { Pooling = pooler ? VitPooling.Pooler : VitPooling.ClassToken };
        using var original = TinyTowers.Random("vit", shape, 3);
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.VitConfig)
            .Json("preprocessor_config.json", new { image_mean = new[] { 0.1, 0.2, 0.3 } })
            .Weights(PublishedState.HuggingFaceVit(original.NamedState(), prefix));

        var report = Load(folder.Path, "vit", new VitOptions { Pooling = shape.Pooling }, original);

        report.Ignored.Select(ignored => ignored.Key).ShouldBe(["classifier.bias", "classifier.weight"]);
        using var source = PretrainedSource.Open(folder.Path);
        PretrainedLoader.Configure("vit", new VitOptions(), source).PixelMean.ShouldBe([0.1, 0.2, 0.3]);
    }

    [Fact]
    public void A_vit_without_pooler_leaves_the_pooler_new()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("vit", TinyTowers.Vit with { Pooling = VitPooling.ClassToken }, 3);
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.VitConfig)
            .Weights(PublishedState.HuggingFaceVit(original.NamedState(), "vit."));
        using var source = PretrainedSource.Open(folder.Path);
        using var model = TinyTowers.Random("vit", TinyTowers.Vit, 4);
        PretrainedLoader.Initialize(model, source).New.ShouldContain("pooler.weight");
    }

    [Theory]
    [InlineData("resnet.")]
    [InlineData("")]
    public void Hugging_face_resnet(string prefix)
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("resnet", TinyTowers.ResNet, 5);
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.ResNetConfig)
            .Weights(PublishedState.HuggingFaceResNet(original.NamedState(), "image.", prefix));
        Load(folder.Path, "resnet", new ResNetClassifierOptions { ImageSize = 64 }, original)
            .Format.ShouldBe(PretrainedFormat.HuggingFaceResNet);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Torchvision_resnet(bool bottleneck)
    {
        using var scope = NewDisposeScope();
        var shape = TinyTowers.ResNet with { Image = TinyTowers.ResNet.Image with { Bottleneck = bottleneck } };
        using var original = TinyTowers.Random("resnet", shape, 6);
        var state = PublishedState.TorchvisionResNet(original.NamedState(), "image.");
        foreach (var name in state.Keys.Where(name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToList())
        {
            // Files from before PyTorch 0.4.1 lack it.
            state.Remove(name);
        }

        using var folder = new CheckpointFolder().Weights(state, name: "resnet.safetensors");
        Load(folder.Path, "resnet", new ResNetClassifierOptions { ImageSize = 64 }, original)
            .Format.ShouldBe(PretrainedFormat.TorchvisionResNet);
    }

    [Fact]
    public void Mmbt_takes_its_text_tower_and_its_picture_tower_from_two_sources()
    {
        using var scope = NewDisposeScope();
        using var bert = TinyTowers.Random("bert", TinyTowers.Bert, 7);
        using var network = TinyTowers.Random("resnet", TinyTowers.ResNet, 8);
        using var first = new CheckpointFolder()
            .Json("config.json", TinyTowers.BertConfig())
            .Weights(PublishedState.HuggingFaceBert(bert.NamedState(), "bert.", "bert."));
        using var second = new CheckpointFolder().Weights(PublishedState.TorchvisionResNet(network.NamedState(), "image."));
        var sources = PretrainedSource.OpenAll($"{first.Path},{second.Path}");
        ModelOptions options = new MmbtOptions { ImageSize = 64, ContextLength = 16 };
        options = sources.Aggregate(options, (current, source) => PretrainedLoader.Configure("mmbt", current, source));
        using var model = TinyTowers.Random("mmbt", options, 9);

        foreach (var source in sources)
        {
            PretrainedLoader.Initialize(model, source);
            source.Dispose();
        }

        var ours = model.NamedState().ToDictionary();
        foreach (var (name, tensor) in bert.NamedState().Where(tensor => tensor.Key.StartsWith("bert.", StringComparison.Ordinal)))
        {
            ours[$"network.{name}"].ToArray().ShouldBe(tensor.ToArray(), name);
        }

        foreach (
            var (name, tensor) in network
                .NamedState()
                .Where(tensor => tensor.Key.StartsWith("image.", StringComparison.Ordinal) && tensor.Value.dtype == ScalarType.Float32)
        )
        {
            ours[$"network.{name}"].ToArray().ShouldBe(tensor.ToArray(), name);
        }
    }

    private static PretrainedReport Load(string path, string system, ModelOptions preset, ProductModel original)
    {
        using var source = PretrainedSource.Open(path);
        using var model = TinyTowers.Random(system, PretrainedLoader.Configure(system, preset, source), 99);
        var report = PretrainedLoader.Initialize(model, source);
        report.Unmatched.ShouldBeEmpty();
        TinyTowers.ShouldComputeTheSame(model, original);
        return report;
    }
}
