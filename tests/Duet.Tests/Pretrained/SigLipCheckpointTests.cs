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
        var published = NameMapSigLip.OpenClip.ToPublished(original.NamedState().ToDictionary(), OpenClipShapes());
        published.Count.ShouldBe(OpenClipShapes().Count);
        _folder
            .Text("open_clip_config.json", OpenClipConfig())
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
        var config = JsonNode.Parse(OpenClipConfig())!;
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
        var config = new JsonObject
        {
            ["model_type"] = "siglip",
            ["text_config"] = new JsonObject
            {
                ["vocab_size"] = vocabulary,
                ["hidden_size"] = 24,
                ["intermediate_size"] = 96,
                ["num_hidden_layers"] = 2,
                ["num_attention_heads"] = 3,
                ["max_position_embeddings"] = 16,
                ["projection_size"] = 16,
            },
            ["vision_config"] = new JsonObject
            {
                ["hidden_size"] = 16,
                ["intermediate_size"] = 48,
                ["num_hidden_layers"] = 2,
                ["num_attention_heads"] = 2,
                ["image_size"] = 24,
                ["patch_size"] = 8,
            },
        };
        var state = model.NamedState().ToDictionary();
        _folder
            .Text("config.json", config.ToJsonString())
            .Weights(NameMapSigLip.HuggingFace.ToPublished(state, HuggingFaceShapes(vocabulary)).ToDictionary());
        return model;
    }

    private static string OpenClipConfig() =>
        """
            {"model_cfg":{"embed_dim":16,"custom_text":true,"init_logit_bias":-10,
              "vision_cfg":{"image_size":24,"timm_model_name":"vit_base_patch16_siglip_224","timm_pool":"map","timm_proj":"none",
                "timm_model_kwargs":{"patch_size":8,"embed_dim":16,"depth":2,"num_heads":2,"mlp_ratio":3}},
              "text_cfg":{"context_length":16,"vocab_size":96,"width":24,"heads":3,"layers":2,"no_causal_mask":true,
                "proj_bias":true,"pool_type":"last","norm_kwargs":{"eps":1e-6}}},
             "preprocess_cfg":{"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5],"interpolation":"bicubic","resize_mode":"squash"}}
            """;

    private static Dictionary<string, long[]> OpenClipShapes()
    {
        var shapes = new Dictionary<string, long[]>
        {
            ["logit_scale"] = [],
            ["logit_bias"] = [],
            ["visual.trunk.pos_embed"] = [1, 9, 16],
            ["visual.trunk.attn_pool.latent"] = [1, 1, 16],
            ["text.positional_embedding"] = [16, 24],
            ["text.token_embedding.weight"] = [TinyTowers.Vocabulary, 24],
            ["visual.trunk.patch_embed.proj.weight"] = [16, 3, 8, 8],
            ["visual.trunk.patch_embed.proj.bias"] = [16],
        };
        void Layer(string name, long inputs, long outputs) =>
            (shapes[$"{name}.weight"], shapes[$"{name}.bias"]) = ([outputs, inputs], [outputs]);
        void Norm(string name, long width) => (shapes[$"{name}.weight"], shapes[$"{name}.bias"]) = ([width], [width]);
        foreach (var block in (string[])["blocks.0", "blocks.1"])
        {
            Norm($"visual.trunk.{block}.norm1", 16);
            Norm($"visual.trunk.{block}.norm2", 16);
            Layer($"visual.trunk.{block}.attn.qkv", 16, 48);
            Layer($"visual.trunk.{block}.attn.proj", 16, 16);
            Layer($"visual.trunk.{block}.mlp.fc1", 16, 48);
            Layer($"visual.trunk.{block}.mlp.fc2", 48, 16);
            var text = $"text.transformer.resblocks.{block[^1]}";
            Norm($"{text}.ln_1", 24);
            Norm($"{text}.ln_2", 24);
            (shapes[$"{text}.attn.in_proj_weight"], shapes[$"{text}.attn.in_proj_bias"]) = ([72, 24], [72]);
            Layer($"{text}.attn.out_proj", 24, 24);
            Layer($"{text}.mlp.c_fc", 24, 96);
            Layer($"{text}.mlp.c_proj", 96, 24);
        }

        Norm("visual.trunk.norm", 16);
        Norm("visual.trunk.attn_pool.norm", 16);
        Norm("text.ln_final", 24);
        Layer("visual.trunk.attn_pool.q", 16, 16);
        Layer("visual.trunk.attn_pool.kv", 16, 32);
        Layer("visual.trunk.attn_pool.proj", 16, 16);
        Layer("visual.trunk.attn_pool.mlp.fc1", 16, 48);
        Layer("visual.trunk.attn_pool.mlp.fc2", 48, 16);
        Layer("text.text_projection", 24, 16);
        return shapes;
    }

    private static Dictionary<string, long[]> HuggingFaceShapes(int vocabulary)
    {
        var shapes = new Dictionary<string, long[]>
        {
            ["logit_scale"] = [1],
            ["logit_bias"] = [1],
            ["vision_model.embeddings.patch_embedding.weight"] = [16, 3, 8, 8],
            ["vision_model.embeddings.patch_embedding.bias"] = [16],
            ["vision_model.embeddings.position_embedding.weight"] = [9, 16],
            ["vision_model.head.probe"] = [1, 1, 16],
            ["vision_model.head.attention.in_proj_weight"] = [48, 16],
            ["vision_model.head.attention.in_proj_bias"] = [48],
            ["text_model.embeddings.token_embedding.weight"] = [vocabulary, 24],
            ["text_model.embeddings.position_embedding.weight"] = [16, 24],
        };
        void Layer(string name, long inputs, long outputs) =>
            (shapes[$"{name}.weight"], shapes[$"{name}.bias"]) = ([outputs, inputs], [outputs]);
        void Norm(string name, long width) => (shapes[$"{name}.weight"], shapes[$"{name}.bias"]) = ([width], [width]);
        foreach (var (tower, width, hidden) in (ReadOnlySpan<(string, long, long)>)[("vision_model", 16, 48), ("text_model", 24, 96)])
        {
            for (var layer = 0; layer < 2; layer++)
            {
                var block = $"{tower}.encoder.layers.{layer}";
                Norm($"{block}.layer_norm1", width);
                Norm($"{block}.layer_norm2", width);
                Layer($"{block}.self_attn.q_proj", width, width);
                Layer($"{block}.self_attn.k_proj", width, width);
                Layer($"{block}.self_attn.v_proj", width, width);
                Layer($"{block}.self_attn.out_proj", width, width);
                Layer($"{block}.mlp.fc1", width, hidden);
                Layer($"{block}.mlp.fc2", hidden, width);
            }
        }

        Norm("vision_model.post_layernorm", 16);
        Norm("vision_model.head.layernorm", 16);
        Norm("text_model.final_layer_norm", 24);
        Layer("vision_model.head.attention.out_proj", 16, 16);
        Layer("vision_model.head.mlp.fc1", 16, 48);
        Layer("vision_model.head.mlp.fc2", 48, 16);
        Layer("text_model.head", 24, 16);
        return shapes;
    }
}
