// CLIP checkpoints of every published form give the source's outputs, and the options they describe.
using System.Text.Json;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class ClipCheckpointTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 0)]
    [InlineData(ScalarType.Float64, 0)]
    [InlineData(ScalarType.Float16, 2e-2)]
    [InlineData(ScalarType.BFloat16, 1e-1)]
    public void Hugging_face_folder(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("clip", TinyTowers.Clip, 1);
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.HuggingFaceClipConfig())
            .Weights(PublishedState.HuggingFaceClip(original.NamedState()), type);

        var report = Load(folder.Path, "clip", TinyTowers.Clip, original, tolerance);

        report.Format.ShouldBe(PretrainedFormat.HuggingFaceClip);
        report.Unmatched.ShouldBeEmpty();
        report.New.ShouldAllBe(name =>
            name.StartsWith("heads.", StringComparison.Ordinal) || name.StartsWith("missing_", StringComparison.Ordinal)
        );
        report
            .Ignored.Select(ignored => ignored.Key)
            .ShouldBe(["text_model.embeddings.position_ids", "vision_model.embeddings.position_ids"], ignoreOrder: true);
        report.Notes.Count.ShouldBe(type == ScalarType.Float32 ? 0 : 1);
    }

    [Fact]
    public void Sharded_hugging_face_folder()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("clip", TinyTowers.Clip, 1);
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.HuggingFaceClipConfig())
            .Shards(PublishedState.HuggingFaceClip(original.NamedState()), 3);
        Load(folder.Path, "clip", TinyTowers.Clip, original);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text.")]
    public void Open_clip_folder(string text)
    {
        using var scope = NewDisposeScope();
        var shape = TinyTowers.Clip with { NormEpsilon = 1e-5 };
        using var original = TinyTowers.Random("clip", shape, 2);
        using var folder = new CheckpointFolder()
            .Json("open_clip_config.json", OpenClipConfig())
            .Weights(PublishedState.OpenAiClip(original.NamedState(), text), name: "open_clip_model.safetensors");

        var report = Load(folder.Path, "clip", shape with { PixelMean = [0.5, 0.4, 0.3], PixelDeviation = [0.2, 0.3, 0.4] }, original);

        report.Format.ShouldBe(PretrainedFormat.OpenClip);
    }

    [Fact]
    public void State_dictionaries_of_openai_with_the_arguments_beside_them()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("clip", TinyTowers.ClipResNet, 3);
        using var folder = new CheckpointFolder()
            .Json("config.json", new { vision_heads = 2, transformer_heads = 3 })
            .Weights(PublishedState.OpenAiClip(original.NamedState()), name: "RN50.safetensors");

        Load(folder["RN50.safetensors"], "clip", TinyTowers.ClipResNet, original).Format.ShouldBe(PretrainedFormat.OpenAiClip);
    }

    [Fact]
    public void Heads_of_openai_come_from_the_widths_where_nothing_is_said()
    {
        using var scope = NewDisposeScope();
        var shape = TinyTowers.Clip with
        {
            Image = new VisionTransformerOptions
            {
                PatchSize = 8,
                Width = 128,
                Layers = 1,
                Heads = 2,
            },
            Activation = Activation.QuickGelu,
            NormEpsilon = 1e-5,
        };
        shape = shape with
        {
            Text = new TextTransformerOptions
            {
                Width = 128,
                Layers = 1,
                Heads = 2,
            },
        };
        using var original = TinyTowers.Random("clip", shape, 3);
        using var folder = new CheckpointFolder().Weights(PublishedState.OpenAiClip(original.NamedState()));
        Load(folder.Path, "clip", shape, original);
    }

    [Fact]
    public void Cma_clip_takes_both_towers_and_starts_its_fusion_from_the_text_tower()
    {
        using var scope = NewDisposeScope();
        var shape = TinyTowers.Clip with { JointWidth = 24 };
        using var original = TinyTowers.Random("clip", shape, 4);
        using var folder = new CheckpointFolder()
            .Json("open_clip_config.json", OpenClipConfig(24))
            .Weights(PublishedState.OpenAiClip(original.NamedState()));
        using var source = PretrainedSource.Open(folder.Path);
        var options = (CmaClipOptions)
            PretrainedLoader.Configure(
                "cma-clip",
                new CmaClipOptions { FusionLayers = 2, FusionInitialization = FusionInitialization.TextTower },
                source
            );
        options.FusionHeads.ShouldBe(3);
        using var model = TinyTowers.Random("cma-clip", options, 5);

        var report = PretrainedLoader.Initialize(model, source);

        var (ours, theirs) = (model.NamedState().ToDictionary(), original.NamedState().ToDictionary());
        foreach (var name in report.Loaded)
        {
            ours[name].ToArray().ShouldBe(theirs[name].ToArray(), name);
        }

        report.Loaded.Count.ShouldBe(
            theirs.Keys.Count(name =>
                name.StartsWith("visual.", StringComparison.Ordinal)
                || name.StartsWith("text.", StringComparison.Ordinal)
                || name.StartsWith("contrastive.", StringComparison.Ordinal)
            )
        );
        ours["fusion.resblocks.1.mlp.c_fc.weight"].ToArray().ShouldBe(theirs["text.transformer.resblocks.1.mlp.c_fc.weight"].ToArray());
        report.New.ShouldContain("fusion.resblocks.0.ln_1.weight");
    }

    [Fact]
    public void Another_picture_size_and_a_shorter_context_resize_the_positions()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("clip", TinyTowers.Clip, 6);
        using var folder = new CheckpointFolder()
            .Json("config.json", TinyTowers.HuggingFaceClipConfig())
            .Weights(PublishedState.HuggingFaceClip(original.NamedState()));
        using var source = PretrainedSource.Open(folder.Path);
        using var model = TinyTowers.Random(
            "clip",
            PretrainedLoader.Configure("clip", TinyTowers.Clip, source) with
            {
                ImageSize = 40,
                ContextLength = 10,
            },
            7
        );

        var report = PretrainedLoader.Initialize(model, source);

        report.Notes.ShouldBe(["the first 10 of 16 text positions", "picture positions resized from 9 to 25 cells"], ignoreOrder: true);
        var (ours, theirs) = (model.NamedState().ToDictionary(), original.NamedState().ToDictionary());
        ours["visual.positional_embedding"].shape.ShouldBe([26, 16]);
        ours["visual.positional_embedding"]
            .narrow(0, 0, 1)
            .ToArray()
            .ShouldBe(theirs["visual.positional_embedding"].narrow(0, 0, 1).ToArray());
        ours["text.positional_embedding"].ToArray().ShouldBe(theirs["text.positional_embedding"].narrow(0, 0, 10).ToArray());
    }

    [Fact]
    public void A_run_of_this_house_gives_its_towers()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random("clip", TinyTowers.Clip, 8);
        using var folder = new CheckpointFolder().Weights(original.NamedState().ToDictionary());
        Duet.Runs.RunConfigurationFile.Save(
            new()
            {
                Model = "clip",
                Preset = "tiny",
                Options = TinyTowers.Clip,
                Data = new(),
                Training = new(),
            },
            folder["config.yaml"]
        );

        var report = Load(folder.Path, "clip", TinyTowers.Clip, original);

        report.Format.ShouldBe(PretrainedFormat.DuetRun);
        report.Ignored.ShouldContain(ignored => ignored.Key.StartsWith("heads.", StringComparison.Ordinal));
    }

    // As published configurations of other sizes write it: 4.0, not 4.
    private static JsonElement MlpRatio => JsonSerializer.Deserialize<JsonElement>("4.0");

    private static object OpenClipConfig(int joint = 12) =>
        new
        {
            model_cfg = new
            {
                embed_dim = joint,
                quick_gelu = false,
                vision_cfg = new
                {
                    image_size = 24,
                    layers = 2,
                    width = 16,
                    head_width = 8,
                    patch_size = 8,
                    mlp_ratio = 3.0,
                },
                text_cfg = new
                {
                    context_length = 16,
                    vocab_size = TinyTowers.Vocabulary,
                    width = 24,
                    heads = 3,
                    layers = 2,
                    mlp_ratio = MlpRatio,
                },
            },
            preprocess_cfg = new { mean = new[] { 0.5, 0.4, 0.3 }, std = new[] { 0.2, 0.3, 0.4 } },
        };

    private static PretrainedReport Load(string path, string system, ClipOptions expected, ProductModel original, double tolerance = 0)
    {
        using var source = PretrainedSource.Open(path);
        var options = (ClipOptions)PretrainedLoader.Configure(system, new ClipOptions { HeadWidth = expected.HeadWidth }, source);
        options.Image.ShouldBe(expected.Tower == ImageTower.VisionTransformer ? expected.Image : options.Image);
        options.ResNet.Layers.ShouldBe(expected.Tower == ImageTower.ModifiedResNet ? expected.ResNet.Layers : options.ResNet.Layers);
        options.Text.ShouldBe(expected.Text);
        (options.Tower, options.ImageSize, options.ContextLength, options.JointWidth, options.Activation, options.NormEpsilon).ShouldBe(
            (expected.Tower, expected.ImageSize, expected.ContextLength, expected.JointWidth, expected.Activation, expected.NormEpsilon)
        );
        options.PixelMean.ShouldBe(expected.PixelMean);
        options.PixelDeviation.ShouldBe(expected.PixelDeviation);
        using var model = TinyTowers.Random(system, options, 99);
        var report = PretrainedLoader.Initialize(model, source);
        TinyTowers.ShouldComputeTheSame(model, original, tolerance);
        return report;
    }
}
