// SigLIP checkpoints: what open_clip's names mean, other picture sizes, runs, tokenizers, and files that cannot be used.
using System.Text.Json.Nodes;
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Tests.Text;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class SigLipCheckpointTests : IDisposable
{
    private static readonly SigLipOptions Tiny = new()
    {
        ImageSize = 24,
        ContextLength = 16,
        Image = new()
        {
            PatchSize = 8,
            Width = 16,
            Layers = 2,
            Heads = 2,
            MlpRatio = 3,
            PatchBias = true,
            NormBefore = false,
        },
        Text = new()
        {
            Width = 24,
            Layers = 2,
            Heads = 3,
        },
        HeadWidth = 8,
    };

    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vit_base_patch16_siglip_224", 16, 768, 12, 12, 224, 3072, Activation.Gelu)]
    [InlineData("vit_base_patch16_siglip_512.webli", 16, 768, 12, 12, 512, 3072, Activation.Gelu)]
    [InlineData("vit_base_patch32_siglip_256", 32, 768, 12, 12, 256, 3072, Activation.GeluTanh)]
    [InlineData("vit_large_patch16_siglip_384", 16, 1024, 24, 16, 384, 4096, Activation.Gelu)]
    [InlineData("vit_large_patch16_siglip_512", 16, 1024, 24, 16, 512, 4096, Activation.GeluTanh)]
    [InlineData("vit_so400m_patch14_siglip_384", 14, 1152, 27, 16, 384, 4304, Activation.Gelu)]
    [InlineData("vit_so400m_patch16_siglip_256", 16, 1152, 27, 16, 256, 4304, Activation.GeluTanh)]
    [InlineData("vit_giantopt_patch16_siglip_384", 16, 1536, 40, 16, 384, 6144, Activation.GeluTanh)]
    public void The_names_of_timm_give_all_sizes(
        string name,
        int patch,
        int width,
        int layers,
        int heads,
        int size,
        int mlpWidth,
        Activation activation
    )
    {
        _folder.Text("vision.json", new JsonObject { ["timm_model_name"] = name }.ToJsonString());
        var (tower, imageSize, gelu) = TimmSigLip.Read(ConfigurationReader.Open(_folder["vision.json"]), name);
        (tower.PatchSize, tower.Width, tower.Layers, tower.Heads, imageSize, gelu).ShouldBe(
            (patch, width, layers, heads, size, activation)
        );
        tower.Blocks(new SigLipOptions().ImageBlocks).MlpWidth.ShouldBe(mlpWidth);
    }

    [Fact]
    public void Another_picture_size_and_shorter_texts_resize_the_positions()
    {
        using var scope = NewDisposeScope();
        using var original = Written();
        using var source = PretrainedSource.Open(_folder.Path);
        var options = (SigLipOptions)PretrainedLoader.Configure("siglip", new SigLipOptions(), source);
        (options.Image, options.Text, options.ImageSize, options.ContextLength).ShouldBe((Tiny.Image, Tiny.Text, 24, 16));
        using var model = TinyTowers.Random("siglip", options with { ImageSize = 40, ContextLength = 10 }, 2);
        var report = PretrainedLoader.Initialize(model, source);
        report.Notes.ShouldContain("picture positions resized from 9 to 25 cells");
        report.Notes.ShouldContain("the first 10 of 16 text positions");
        model.NamedState().ToDictionary()["visual.positional_embedding"].shape.ShouldBe([25, 16]);
    }

    [Fact]
    public void A_wrapped_open_clip_state_is_read_and_a_run_gives_its_towers()
    {
        using var scope = NewDisposeScope();
        using var original = TinyTowers.Random(
            "siglip",
            Tiny with
            {
                ImageActivation = Activation.Gelu,
                TextActivation = Activation.Gelu,
            },
            3
        );
        var published = NameMapSigLip.OpenClip.ToPublished(original.NamedState().ToDictionary(), PublishedSigLip.OpenClipShapes());
        published.Count.ShouldBe(PublishedSigLip.OpenClipShapes().Count);
        _folder
            .Text("open_clip_config.json", PublishedSigLip.OpenClipConfig())
            .Weights(published.ToDictionary(tensor => $"model.{tensor.Key}", tensor => tensor.Value));
        using (var source = PretrainedSource.Open(_folder.Path))
        {
            source.Format.ShouldBe(PretrainedFormat.OpenClipSigLip);
            source.Towers.Cleaning.ShouldBe(SigLipCleaning.OpenClip);
            using var model = TinyTowers.Random("siglip", PretrainedLoader.Configure("siglip", Tiny, source), 4);
            PretrainedLoader.Initialize(model, source).Unmatched.ShouldBeEmpty();
            TinyTowers.ShouldComputeTheSame(model, original);
        }

        using var run = new CheckpointFolder().Weights(original.NamedState().ToDictionary());
        RunConfigurationFile.Save(
            new()
            {
                Model = "siglip",
                Preset = "tiny",
                Options = original.Options,
                Data = new(),
                Training = new(),
            },
            run["config.yaml"]
        );
        using var towers = PretrainedSource.Open(run.Path);
        using var again = TinyTowers.Random("siglip", PretrainedLoader.Configure("siglip", Tiny, towers), 5);
        PretrainedLoader.Initialize(again, towers).Format.ShouldBe(PretrainedFormat.DuetRun);
        TinyTowers.ShouldComputeTheSame(again, original);
    }

    [Fact]
    public void The_tokenizer_of_the_weights_is_taken_and_another_kind_refused()
    {
        using var scope = NewDisposeScope();
        var pieces = SentencePieceFile.SmallT5;
        using var original = Written(pieces.Length);
        SentencePieceFile.Write(_folder["spiece.model"], pieces);
        using var source = PretrainedSource.Open(_folder.Path);
        source.LoadTokenizer().ShouldBeOfType<SigLipTokenizer>().Cleaning.ShouldBe(SigLipCleaning.HuggingFace);

        File.Delete(_folder["spiece.model"]);
        SentencePieceFile.Write(_folder["xlm.model"], [.. SentencePieceFile.XlmRobertaHead, ("▁", -2, SentencePieceFile.Normal)]);
        Should.Throw<PretrainedException>(() => source.LoadTokenizer()).Message.ShouldContain("spiece.model");
    }

    [Theory]
    [InlineData("""{"model_type":"siglip","text_config":{"projection_size":512}}""", "projection_size is 512, but the picture tower's")]
    [InlineData("""{"model_type":"siglip","vision_config":{"vision_use_head":false}}""", "vision_use_head is false")]
    [InlineData("""{"model_type":"siglip","vision_config":{"num_attention_heads":7}}""", "not a multiple of image.heads 7")]
    [InlineData("""{"model_type":"siglip2","vision_config":{"num_patches":200}}""", "num_patches is 200, which is no square")]
    [InlineData("""{"model_type":"siglip","text_config":{"hidden_act":"strange"}}""", "strange")]
    public void A_configuration_that_cannot_be_used(string config, string complaint) => Says("config.json", config, complaint);

    [Theory]
    [InlineData("timm_model_name", "\"vit_base_patch16_siglip_gap_224\"", "of timm's picture towers Duet reads SigLIP's")]
    [InlineData("timm_pool", "\"avg\"", "timm_pool is \"avg\"")]
    [InlineData("timm_model_kwargs", "{\"class_token\":true}", "class_token is not supported")]
    [InlineData("no_causal_mask", null, "no_causal_mask is missing")]
    [InlineData("pool_type", "\"argmax\"", "pool_type is \"argmax\"")]
    [InlineData("embed_dim", "17", "embed_dim is 17, but the picture tower's width is 16")]
    [InlineData("act_kwargs", "{\"approximate\":\"erf\"}", "approximate is erf")]
    [InlineData("norm_kwargs", "{\"elementwise_affine\":false}", "elementwise_affine is not supported")]
    public void An_open_clip_configuration_of_another_architecture(string setting, string? value, string complaint)
    {
        var config = JsonNode.Parse(PublishedSigLip.OpenClipConfig())!;
        var model = config["model_cfg"]!;
        var section = setting switch
        {
            "embed_dim" => model,
            _ when setting.StartsWith("timm", StringComparison.Ordinal) => model["vision_cfg"]!,
            _ => model["text_cfg"]!,
        };
        section[setting] = value is null ? null : JsonNode.Parse(value);
        Says("open_clip_config.json", config.ToJsonString(), complaint);
    }

    [Fact]
    public void Weights_without_a_configuration_say_what_is_missing()
    {
        using var scope = NewDisposeScope();
        _folder.Weights(new() { ["visual.trunk.attn_pool.latent"] = zeros([1, 1, 16]) });
        Should.Throw<PretrainedException>(() => PretrainedSource.Open(_folder.Path)).Message.ShouldContain("open_clip_config.json");
    }

    private void Says(string file, string config, string complaint)
    {
        using var scope = NewDisposeScope();
        _folder.Text(file, config).Weights(new() { ["visual.trunk.attn_pool.latent"] = zeros([1, 1, 16]) });
        var message = Should.Throw<PretrainedException>(() => PretrainedSource.Open(_folder.Path)).Message;
        message.ShouldContain(file);
        message.ShouldContain(complaint);
    }

    // As Hugging Face would publish the tiny model.
    private ProductModel Written(int vocabulary = TinyTowers.Vocabulary)
    {
        TorchRuntime.Seed(1);
        var model = new SigLip(Tiny, TinyTowers.Context with { VocabularySize = vocabulary });
        var state = model.NamedState().ToDictionary();
        _folder
            .Text("config.json", PublishedSigLip.HuggingFaceConfig(vocabulary))
            .Weights(NameMapSigLip.HuggingFace.ToPublished(state, PublishedSigLip.HuggingFaceShapes(vocabulary)).ToDictionary());
        return model;
    }
}
