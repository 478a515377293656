// Writes our weights under the names of published code bases, spelled out here by hand and not through the name maps under test.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

/// <summary>State dictionaries as the public repositories name them.</summary>
internal static class PublishedState
{
    private static readonly string[] Query = ["q_proj", "k_proj", "v_proj"];
    private static readonly string[] BertQuery = ["query", "key", "value"];

    /// <summary>transformers' CLIPModel.</summary>
    public static Dictionary<string, Tensor> HuggingFaceClip(IEnumerable<KeyValuePair<string, Tensor>> ours)
    {
        var state = new Dictionary<string, Tensor>
        {
            ["text_model.embeddings.position_ids"] = arange(0, 8).unsqueeze(0),
            ["vision_model.embeddings.position_ids"] = arange(0, 5).unsqueeze(0),
        };
        foreach (var (name, tensor) in Tower(ours, "visual.", "text.", "contrastive."))
        {
            switch (name)
            {
                case "visual.class_embedding":
                    state["vision_model.embeddings.class_embedding"] = tensor;
                    break;
                case "visual.conv1.weight":
                    state["vision_model.embeddings.patch_embedding.weight"] = tensor;
                    break;
                case "visual.positional_embedding":
                    state["vision_model.embeddings.position_embedding.weight"] = tensor;
                    break;
                case "visual.proj":
                    state["visual_projection.weight"] = tensor.transpose(0, 1);
                    break;
                case "text.token_embedding.weight":
                    state["text_model.embeddings.token_embedding.weight"] = tensor;
                    break;
                case "text.positional_embedding":
                    state["text_model.embeddings.position_embedding.weight"] = tensor;
                    break;
                case "text.text_projection":
                    state["text_projection.weight"] = tensor.transpose(0, 1);
                    break;
                case "contrastive.logit_scale":
                    state["logit_scale"] = tensor;
                    break;
                default:
                    HuggingFaceClipBlock(state, name, tensor);
                    break;
            }
        }

        return state;
    }

    /// <summary>openai/CLIP; <paramref name="text"/> is <c>text.</c> in open_clip's CustomTextCLIP.</summary>
    public static Dictionary<string, Tensor> OpenAiClip(IEnumerable<KeyValuePair<string, Tensor>> ours, string text = "") =>
        Tower(ours, "visual.", "text.", "contrastive.")
            .ToDictionary(
                tensor =>
                    tensor.Key.StartsWith("text.", StringComparison.Ordinal)
                        ? text + tensor.Key["text.".Length..]
                        : tensor.Key.Replace("contrastive.", string.Empty, StringComparison.Ordinal),
                tensor => tensor.Value
            );

    /// <summary>transformers' T5EncoderModel and MT5EncoderModel.</summary>
    public static Dictionary<string, Tensor> HuggingFaceT5(IEnumerable<KeyValuePair<string, Tensor>> ours)
    {
        var state = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in ours)
        {
            var parts = name.Split('.');
            state[
                parts[0] switch
                {
                    "embeddings" => "shared.weight",
                    "relative_positions" => "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                    "ln_final" => "encoder.final_layer_norm.weight",
                    _ => $"encoder.block.{parts[1]}.layer."
                        + parts[2] switch
                        {
                            "ln_1" => "0.layer_norm.weight",
                            "ln_2" => "1.layer_norm.weight",
                            "attn" => $"0.SelfAttention.{parts[3]}.weight",
                            _ => $"1.DenseReluDense.{parts[3]}.weight",
                        },
                }
            ] = tensor;
        }

        return state;
    }

    /// <summary>transformers' BertModel (or RobertaModel), below a prefix; <paramref name="oldNorms"/> writes gamma and beta.</summary>
    public static Dictionary<string, Tensor> HuggingFaceBert(
        IEnumerable<KeyValuePair<string, Tensor>> ours,
        string tower,
        string prefix,
        bool oldNorms = false
    )
    {
        var state = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in Tower(ours, tower))
        {
            var (layer, rest) = Block(name[tower.Length..], "encoder.resblocks.");
            var block = $"{prefix}encoder.layer.{layer}.";
            if (rest is "attn.in_proj_weight" or "attn.in_proj_bias")
            {
                Spread(state, tensor, BertQuery, part => $"{block}attention.self.{part}.{rest["attn.in_proj_".Length..]}");
                continue;
            }

            var published =
                layer < 0
                    ? prefix + rest.Replace("pooler.", "pooler.dense.", StringComparison.Ordinal)
                    : block
                        + rest.Replace("attn.out_proj", "attention.output.dense", StringComparison.Ordinal)
                            .Replace("ln_1", "attention.output.LayerNorm", StringComparison.Ordinal)
                            .Replace("mlp.c_fc", "intermediate.dense", StringComparison.Ordinal)
                            .Replace("mlp.c_proj", "output.dense", StringComparison.Ordinal)
                            .Replace("ln_2", "output.LayerNorm", StringComparison.Ordinal);
            state[oldNorms ? OldNorm(published) : published] = tensor;
        }

        state[$"{prefix}embeddings.position_ids"] = arange(0, 4).unsqueeze(0);
        return state;
    }

    /// <summary>transformers' ViTForImageClassification with ViTModel's pooler.</summary>
    public static Dictionary<string, Tensor> HuggingFaceVit(IEnumerable<KeyValuePair<string, Tensor>> ours, string prefix)
    {
        var state = new Dictionary<string, Tensor> { ["classifier.weight"] = zeros([3, 16]), ["classifier.bias"] = zeros([3]) };
        foreach (var (name, tensor) in Tower(ours, "visual.", "pooler."))
        {
            var (layer, rest) = Block(name, "visual.transformer.resblocks.");
            var block = $"{prefix}encoder.layer.{layer}.";
            if (rest is "attn.in_proj_weight" or "attn.in_proj_bias")
            {
                Spread(state, tensor, BertQuery, part => $"{block}attention.attention.{part}.{rest["attn.in_proj_".Length..]}");
            }
            else if (layer >= 0)
            {
                state[
                    block
                        + rest.Replace("attn.out_proj", "attention.output.dense", StringComparison.Ordinal)
                            .Replace("ln_1", "layernorm_before", StringComparison.Ordinal)
                            .Replace("mlp.c_fc", "intermediate.dense", StringComparison.Ordinal)
                            .Replace("mlp.c_proj", "output.dense", StringComparison.Ordinal)
                            .Replace("ln_2", "layernorm_after", StringComparison.Ordinal)
                ] = tensor;
            }
            else
            {
                var (published, value) = rest switch
                {
                    "visual.class_embedding" => ("embeddings.cls_token", tensor.reshape(1, 1, -1)),
                    "visual.positional_embedding" => ("embeddings.position_embeddings", tensor.unsqueeze(0)),
                    _ => (
                        rest.Replace("visual.conv1", "embeddings.patch_embeddings.projection", StringComparison.Ordinal)
                            .Replace("visual.ln_post", "layernorm", StringComparison.Ordinal)
                            .Replace("pooler.", "pooler.dense.", StringComparison.Ordinal),
                        tensor
                    ),
                };
                state[prefix + published] = value;
            }
        }

        return state;
    }

    /// <summary>transformers' ResNetForImageClassification (<c>resnet.</c>) or ResNetModel (no prefix).</summary>
    public static Dictionary<string, Tensor> HuggingFaceResNet(IEnumerable<KeyValuePair<string, Tensor>> ours, string tower, string prefix)
    {
        var state = new Dictionary<string, Tensor> { ["classifier.1.weight"] = zeros([3, 4]), ["classifier.1.bias"] = zeros([3]) };
        foreach (var (name, tensor) in Tower(ours, tower))
        {
            var parts = name[tower.Length..].Split('.');
            var (place, leaf) = parts switch
            {
                ["conv1", _] => ("embedder.embedder.convolution", parts[^1]),
                ["bn1", _] => ("embedder.embedder.normalization", parts[^1]),
                [var stage, var block, "downsample", var which, _] => (
                    $"{Layer(stage, block)}.shortcut.{(which == "0" ? "convolution" : "normalization")}",
                    parts[^1]
                ),
                [var stage, var block, var part, _] => (
                    $"{Layer(stage, block)}.layer.{part[^1] - '1'}.{(part.StartsWith("conv", StringComparison.Ordinal) ? "convolution" : "normalization")}",
                    parts[^1]
                ),
                _ => throw new InvalidOperationException(name),
            };
            state[$"{prefix}{place}.{leaf}"] = tensor;
        }

        return state;

        static string Layer(string stage, string block) => $"encoder.stages.{stage[^1] - '1'}.layers.{block}";
    }

    /// <summary>torchvision's resnet with its classifier.</summary>
    public static Dictionary<string, Tensor> TorchvisionResNet(IEnumerable<KeyValuePair<string, Tensor>> ours, string tower)
    {
        var state = Tower(ours, tower).ToDictionary(tensor => tensor.Key[tower.Length..], tensor => tensor.Value);
        (state["fc.weight"], state["fc.bias"]) = (zeros([3, 4]), zeros([3]));
        return state;
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Tower(
        IEnumerable<KeyValuePair<string, Tensor>> ours,
        params string[] prefixes
    ) =>
        ours.Where(tensor => Array.Exists(prefixes, prefix => tensor.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(tensor => KeyValuePair.Create(tensor.Key, tensor.Value.detach()));

    private static (int Layer, string Name) Block(string name, string marker)
    {
        if (!name.StartsWith(marker, StringComparison.Ordinal))
        {
            return (-1, name);
        }

        var parts = name[marker.Length..].Split('.', 2);
        return (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts[1]);
    }

    private static void HuggingFaceClipBlock(Dictionary<string, Tensor> state, string name, Tensor tensor)
    {
        var model = name.StartsWith("visual.", StringComparison.Ordinal) ? "vision_model" : "text_model";
        var (layer, rest) = Block(name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], "transformer.resblocks.");
        var block = $"{model}.encoder.layers.{layer}.";
        if (rest is "attn.in_proj_weight" or "attn.in_proj_bias")
        {
            Spread(state, tensor, Query, part => $"{block}self_attn.{part}.{rest["attn.in_proj_".Length..]}");
            return;
        }

        state[
            layer < 0
                ? $"{model}."
                    + rest.Replace("ln_pre", "pre_layrnorm", StringComparison.Ordinal)
                        .Replace("ln_post", "post_layernorm", StringComparison.Ordinal)
                        .Replace("ln_final", "final_layer_norm", StringComparison.Ordinal)
                : block
                    + rest.Replace("attn.", "self_attn.", StringComparison.Ordinal)
                        .Replace("ln_", "layer_norm", StringComparison.Ordinal)
                        .Replace("c_fc", "fc1", StringComparison.Ordinal)
                        .Replace("c_proj", "fc2", StringComparison.Ordinal)
        ] = tensor;
    }

    private static void Spread(Dictionary<string, Tensor> state, Tensor joined, string[] parts, Func<string, string> name)
    {
        var pieces = joined.chunk(parts.Length, 0);
        for (var k = 0; k < parts.Length; k++)
        {
            state[name(parts[k])] = pieces[k];
        }
    }

    private static string OldNorm(string name) =>
        !name.Contains("LayerNorm", StringComparison.Ordinal) ? name
        : name.EndsWith("weight", StringComparison.Ordinal) ? name[..^"weight".Length] + "gamma"
        : name[..^"bias".Length] + "beta";
}
