// A tiny SigLIP's configurations and the tensors it has in both published layouts.
using System.Text.Json.Nodes;

namespace Duet.Tests.Pretrained;

internal static class PublishedSigLip
{
    /// <summary>config.json of the tiny model.</summary>
    public static string HuggingFaceConfig(int vocabulary) =>
        new JsonObject
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
        }.ToJsonString();

    /// <summary>open_clip_config.json of a tiny model.</summary>
    public static string OpenClipConfig() =>
        """
            {"model_cfg":{"embed_dim":16,"custom_text":true,"init_logit_bias":-10,
              "vision_cfg":{"image_size":24,"timm_model_name":"vit_base_patch16_siglip_224","timm_pool":"map","timm_proj":"none",
                "timm_model_kwargs":{"patch_size":8,"embed_dim":16,"depth":2,"num_heads":2,"mlp_ratio":3}},
              "text_cfg":{"context_length":16,"vocab_size":96,"width":24,"heads":3,"layers":2,"no_causal_mask":true,
                "proj_bias":true,"pool_type":"last","norm_kwargs":{"eps":1e-6}}},
             "preprocess_cfg":{"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5],"interpolation":"bicubic","resize_mode":"squash"}}
            """;

    /// <summary>The tensors of the tiny model in open_clip.</summary>
    public static Dictionary<string, long[]> OpenClipShapes()
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

    /// <summary>The tensors of the tiny model in Hugging Face's form.</summary>
    public static Dictionary<string, long[]> HuggingFaceShapes(int vocabulary)
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
