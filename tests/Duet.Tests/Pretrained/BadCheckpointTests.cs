// Checkpoints that cannot be used end in an error that names what and where.
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Models.Pretrained.Hub;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

[Collection(RandomNumbersCollection.Name)]
public sealed class BadCheckpointTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ProductModel _clip = TinyTowers.Random("clip", TinyTowers.Clip, 1);
    private readonly CheckpointFolder _folder = new();
    private readonly Dictionary<string, Tensor> _state;

    public BadCheckpointTests() => _state = PublishedState.HuggingFaceClip(_clip.NamedState());

    public void Dispose()
    {
        _folder.Dispose();
        _clip.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Another_architecture()
    {
        using var bert = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        _folder.Json("config.json", TinyTowers.BertConfig()).Weights(PublishedState.HuggingFaceBert(bert.NamedState(), "bert.", "bert."));
        Says(
            "vit",
            TinyTowers.Vit,
            _folder.Path,
            "HuggingFaceBert",
            "a BERT encoder",
            "vit takes a ViT encoder",
            "bert takes a BERT encoder"
        );
    }

    [Fact]
    public void An_unknown_architecture() =>
        OpenSays(
            _folder.Json("config.json", new { model_type = "gpt2" }).Weights(_state).Path,
            "config.json",
            "model_type is gpt2",
            "xlm-roberta"
        );

    [Fact]
    public void A_system_without_towers()
    {
        _folder.Json("config.json", TinyTowers.HuggingFaceClipConfig()).Weights(_state);
        Says("perceiver-io", TinyTowers.Clip, _folder.Path, "perceiver-io takes no pre-trained towers", "clip takes");
    }

    [Fact]
    public void A_configuration_of_another_model_than_the_tensors()
    {
        using var bert = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        _folder
            .Json("config.json", TinyTowers.HuggingFaceClipConfig())
            .Weights(PublishedState.HuggingFaceBert(bert.NamedState(), "bert.", "bert."));
        InitializeSays("not understood", "bert.embeddings.LayerNorm.bias", "are missing", "text.ln_final.bias");
    }

    [Fact]
    public void A_missing_tensor()
    {
        _state.Remove("vision_model.encoder.layers.1.mlp.fc2.bias");
        Written(_state);
        InitializeSays("model.safetensors", "missing", "visual.transformer.resblocks.1.mlp.c_proj.bias");
    }

    [Fact]
    public void A_missing_third_of_an_attention()
    {
        _state.Remove("text_model.encoder.layers.0.self_attn.k_proj.weight");
        Written(_state);
        InitializeSays("text_model.encoder.layers.0.self_attn.k_proj.weight");
    }

    [Fact]
    public void A_tensor_too_many_is_refused_or_reported()
    {
        _state["adapter.weight"] = zeros([2]);
        Written(_state);
        InitializeSays("not understood", "adapter.weight");
        using var source = PretrainedSource.Open(_folder.Path);
        PretrainedLoader.Initialize(_clip, source, allowUnmatched: true).Unmatched.ShouldBe(["adapter.weight"]);
    }

    [Fact]
    public void A_wrong_shape()
    {
        _state["text_projection.weight"] = zeros([12, 25]);
        Written(_state);
        InitializeSays("'text_projection.weight'", "[25, 12]", "'text.text_projection'", "[24, 12]");
    }

    [Fact]
    public void A_wrong_type()
    {
        _state["visual_projection.weight"] = zeros([12, 16], dtype: ScalarType.Int8);
        Written(_state);
        InitializeSays("'visual_projection.weight'", "I8", "Quantised");
    }

    [Fact]
    public void Numbers_that_are_none()
    {
        _state["visual_projection.weight"] = full([12, 16], double.NaN);
        Written(_state);
        InitializeSays("'visual_projection.weight'", "NaN");
    }

    [Fact]
    public void A_corrupted_shard()
    {
        _folder.Json("config.json", TinyTowers.HuggingFaceClipConfig()).Shards(_state, 3);
        using (var shard = File.OpenWrite(_folder["model-00002-of-00003.safetensors"]))
        {
            shard.SetLength(shard.Length - 10);
        }

        Should
            .Throw<SafetensorsException>(() => PretrainedSource.Open(_folder.Path))
            .Message.ShouldContain("model-00002-of-00003.safetensors");
    }

    [Fact]
    public void A_missing_shard()
    {
        _folder.Json("config.json", TinyTowers.HuggingFaceClipConfig()).Shards(_state, 3);
        File.Delete(_folder["model-00003-of-00003.safetensors"]);
        Should.Throw<Exception>(() => PretrainedSource.Open(_folder.Path)).Message.ShouldContain("model-00003-of-00003.safetensors");
    }

    [Fact]
    public void A_vocabulary_that_is_not_the_embedding_table()
    {
        _folder.Json("config.json", TinyTowers.HuggingFaceClipConfig(vocabulary: 100)).Weights(_state);
        OpenSays(_folder.Path, "text_model.embeddings.token_embedding.weight", "96 rows", "100 ids");
    }

    [Fact]
    public void A_tokenizer_that_is_not_the_embedding_table()
    {
        using var bert = TinyTowers.Random("bert", TinyTowers.Bert, 2);
        _folder
            .Json("config.json", TinyTowers.BertConfig())
            .Weights(PublishedState.HuggingFaceBert(bert.NamedState(), "bert.", "bert."))
            .Text("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nred\nshoe\n");
        using var source = PretrainedSource.Open(_folder.Path);
        Contains(Should.Throw<PretrainedException>(source.LoadTokenizer), "7 ids", "96 rows", "bert.embeddings.word_embeddings.weight");
    }

    [Fact]
    public void A_system_with_another_vocabulary()
    {
        Written(_state);
        using var source = PretrainedSource.Open(_folder.Path);
        using var model = new Clip(TinyTowers.Clip, TinyTowers.Context with { VocabularySize = 500 });
        Contains(
            Should.Throw<PretrainedException>(() => PretrainedLoader.Initialize(model, source)),
            "500 ids",
            "checkpoint 96",
            "own tokenizer"
        );
    }

    [Theory]
    [InlineData(
        "{\"model_type\":\"clip\",\"vision_config\":{\"hidden_size\":\"wide\"}}",
        "vision_config: hidden_size is \"wide\", not a whole number"
    )]
    [InlineData("{\"model_type\":\"clip\",\"text_config\":7}", "text_config is 7, not an object")]
    [InlineData("{\"model_type\":\"clip\",\"vision_config\":{\"num_attention_heads\":7}}", "not a multiple of image.heads 7")]
    [InlineData(
        "{\"model_type\":\"clip\",\"text_config\":{\"hidden_act\":\"gelu\"}}",
        "hidden_act is gelu, but quick_gelu in the picture tower"
    )]
    [InlineData("{\"model_type\":\"bert\",\"hidden_size\":16}", "vocab_size")]
    [InlineData("{\"model_type\":\"bert\",\"position_embedding_type\":\"relative_key\"}", "position_embedding_type is \"relative_key\"")]
    [InlineData("{\"model_type\":\"resnet\",\"hidden_sizes\":[1,2,3,4]}", "hidden_sizes is [1, 2, 3, 4]")]
    [InlineData("[]", "is an object")]
    [InlineData("{", "not valid JSON")]
    public void A_configuration_that_cannot_be_used(string config, string complaint) =>
        OpenSays(_folder.Text("config.json", config).Weights(_state).Path, "config.json", complaint);

    [Theory]
    [InlineData(
        "{\"model_cfg\":{\"embed_dim\":12,\"vision_cfg\":{\"timm_model_name\":\"vit_base\"},\"text_cfg\":{}}}",
        "timm_model_name is vit_base; of timm's picture towers Duet reads SigLIP's"
    )]
    [InlineData(
        "{\"model_cfg\":{\"embed_dim\":12,\"vision_cfg\":{},\"text_cfg\":{\"hf_model_name\":\"roberta-base\"}}}",
        "hf_model_name is not supported"
    )]
    [InlineData(
        "{\"model_cfg\":{\"embed_dim\":12,\"vision_cfg\":{\"no_ln_pre\":true},\"text_cfg\":{}}}",
        "no_ln_pre is true; Duet reads only False"
    )]
    [InlineData("{\"model_cfg\":{\"vision_cfg\":{},\"text_cfg\":{}}}", "embed_dim")]
    public void An_open_clip_configuration_of_another_architecture(string config, string complaint) =>
        OpenSays(_folder.Text("open_clip_config.json", config).Weights(_state).Path, "open_clip_config.json", complaint);

    [Fact]
    public void Pickles() =>
        OpenSays(
            _folder.Text("pytorch_model.bin", "x").Json("config.json", TinyTowers.HuggingFaceClipConfig()).Path,
            "pytorch_model.bin",
            "a pickle can run any program"
        );

    [Fact]
    public void Nothing_there()
    {
        OpenSays(_folder.Path, "holds no weights", "model.safetensors");
        OpenSays(_folder["gone"], "no such file or folder");
        OpenSays("no model/at all", "not a model's name on a hub");
        OpenSays(_folder.Text("weights.pt", "x")["weights.pt"], "neither a .safetensors or .onnx file");
    }

    [Fact]
    public void Names_nobody_knows() =>
        OpenSays(_folder.Weights(new() { ["strange.weight"] = zeros([2]) }).Path, "not recognised", "strange.weight");

    [Fact]
    public void A_hub_name_that_is_not_in_the_cache_while_offline() =>
        Should
            .Throw<HubException>(() => PretrainedSource.Open("some/model", new HubOptions { CacheFolder = _folder.Path, Offline = true }))
            .Message.ShouldContain("some/model");

    private static void Contains(Exception error, params string[] parts)
    {
        foreach (var part in parts)
        {
            error.Message.ShouldContain(part);
        }
    }

    private static void OpenSays(string path, params string[] parts) =>
        Contains(Should.Throw<PretrainedException>(() => PretrainedSource.Open(path)), parts);

    private static void Says(string system, ModelOptions options, string path, params string[] parts)
    {
        using var source = PretrainedSource.Open(path);
        Contains(Should.Throw<PretrainedException>(() => PretrainedLoader.Configure(system, options, source)), parts);
    }

    private void Written(Dictionary<string, Tensor> state) =>
        _folder.Json("config.json", TinyTowers.HuggingFaceClipConfig()).Weights(state);

    private void InitializeSays(params string[] parts)
    {
        using var source = PretrainedSource.Open(_folder.Path);
        Contains(Should.Throw<PretrainedException>(() => PretrainedLoader.Initialize(_clip, source)), parts);
    }
}
