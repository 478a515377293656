// The published names of BERT's tensors.
namespace Duet.Models.Pretrained;

/// <summary>Tables of published BERT names: Hugging Face's (also pytorch_pretrained_bert's) and TensorFlow's.</summary>
public static class BertNames
{
    /// <summary>Hugging Face's <c>BertForPreTraining</c> to <see cref="Heads.BertPretraining"/>.</summary>
    public static NameMap Pretraining { get; } =
        new([
            .. Encoder("bert.", "bert."),
            .. Heads("cls.", string.Empty),
            NameRule.Ignore("cls.predictions.decoder.weight", "it is the word table"),
            NameRule.Ignore("cls.predictions.decoder.bias", "it is cls.predictions.bias"),
        ]);

    /// <summary>Hugging Face's <c>BertModel</c>, with or without the prefix <c>bert.</c> and pre-training heads, to
    /// <see cref="Encoders.BertEncoder"/>.</summary>
    public static NameMap Model { get; } =
        new([
            .. Encoder("bert.", string.Empty),
            .. Encoder(string.Empty, string.Empty),
            NameRule.Ignore("cls.{rest*}", "the pre-training heads are not part of the encoder"),
        ]);

    /// <summary>The rules of an encoder in Hugging Face's names.</summary>
    /// <param name="source">The prefix of the published names, with its dot.</param>
    /// <param name="target">The prefix of ours, with its dot.</param>
    public static NameRule[] Encoder(string source, string target) =>
        [
            .. Embeddings($"{source}embeddings.", $"{target}embeddings."),
            .. Layers($"{source}encoder.layer.{{n}}.", $"{target}encoder.resblocks.{{n}}."),
            NameRule.Copy($"{source}pooler.dense.{{p:weight|bias}}", $"{target}pooler.{{p}}"),
        ];

    /// <summary>The rules of the input tables in Hugging Face's names.</summary>
    /// <param name="source">The prefix of the published names, with its dot.</param>
    /// <param name="target">The prefix of ours, with its dot.</param>
    public static NameRule[] Embeddings(string source, string target) =>
        [
            NameRule.Copy($"{source}{{t:word|position|token_type}}_embeddings.weight", $"{target}{{t}}_embeddings.weight"),
            NameRule.Copy($"{source}LayerNorm.{{p:weight|bias}}", $"{target}LayerNorm.{{p}}"),
            NameRule.Copy($"{source}LayerNorm.gamma", $"{target}LayerNorm.weight"),
            NameRule.Copy($"{source}LayerNorm.beta", $"{target}LayerNorm.bias"),
            NameRule.Ignore($"{source}position_ids", "a constant: 0, 1, 2, ..."),
            NameRule.Ignore($"{source}token_type_ids", "a constant: zeros"),
        ];

    /// <summary>The rules of the blocks in Hugging Face's names.</summary>
    /// <param name="layer">The prefix of the published names of a block, with <c>{n}</c> and its dot.</param>
    /// <param name="block">The prefix of ours, with <c>{n}</c> and its dot.</param>
    public static NameRule[] Layers(string layer, string block) =>
        [
            NameRule.Concatenate(
                [$"{layer}attention.self.query.weight", $"{layer}attention.self.key.weight", $"{layer}attention.self.value.weight"],
                $"{block}attn.in_proj_weight"
            ),
            NameRule.Concatenate(
                [$"{layer}attention.self.query.bias", $"{layer}attention.self.key.bias", $"{layer}attention.self.value.bias"],
                $"{block}attn.in_proj_bias"
            ),
            NameRule.Copy($"{layer}attention.output.dense.{{p:weight|bias}}", $"{block}attn.out_proj.{{p}}"),
            NameRule.Copy($"{layer}attention.output.LayerNorm.{{p:weight|bias}}", $"{block}ln_1.{{p}}"),
            NameRule.Copy($"{layer}attention.output.LayerNorm.gamma", $"{block}ln_1.weight"),
            NameRule.Copy($"{layer}attention.output.LayerNorm.beta", $"{block}ln_1.bias"),
            NameRule.Copy($"{layer}intermediate.dense.{{p:weight|bias}}", $"{block}mlp.c_fc.{{p}}"),
            NameRule.Copy($"{layer}output.dense.{{p:weight|bias}}", $"{block}mlp.c_proj.{{p}}"),
            NameRule.Copy($"{layer}output.LayerNorm.{{p:weight|bias}}", $"{block}ln_2.{{p}}"),
            NameRule.Copy($"{layer}output.LayerNorm.gamma", $"{block}ln_2.weight"),
            NameRule.Copy($"{layer}output.LayerNorm.beta", $"{block}ln_2.bias"),
        ];

    /// <summary>The rules of the pre-training heads in Hugging Face's names.</summary>
    /// <param name="source">The prefix of the published names, with its dot.</param>
    /// <param name="target">The prefix of ours, with its dot.</param>
    public static NameRule[] Heads(string source, string target) =>
        [
            NameRule.Copy($"{source}predictions.transform.dense.{{p:weight|bias}}", $"{target}words.dense.{{p}}"),
            NameRule.Copy($"{source}predictions.transform.LayerNorm.{{p:weight|bias}}", $"{target}words.LayerNorm.{{p}}"),
            NameRule.Copy($"{source}predictions.bias", $"{target}words.bias"),
            NameRule.Copy($"{source}seq_relationship.{{p:weight|bias}}", $"{target}next.{{p}}"),
        ];

    /// <summary>The rules of an encoder in TensorFlow's names: kernels are stored <c>[inputs, outputs]</c>.</summary>
    /// <param name="source">The prefix of the published names, with its slash.</param>
    /// <param name="target">The prefix of ours, with its dot.</param>
    public static NameRule[] TensorFlowEncoder(string source, string target)
    {
        var layer = $"{source}encoder/layer_{{n}}/";
        var block = $"{target}encoder.resblocks.{{n}}.";
        return
        [
            NameRule.Copy($"{source}embeddings/{{t:word|position|token_type}}_embeddings", $"{target}embeddings.{{t}}_embeddings.weight"),
            .. Norm($"{source}embeddings/LayerNorm", $"{target}embeddings.LayerNorm"),
            NameRule.Concatenate(
                [$"{layer}attention/self/query/kernel", $"{layer}attention/self/key/kernel", $"{layer}attention/self/value/kernel"],
                $"{block}attn.in_proj_weight",
                transpose: true
            ),
            NameRule.Concatenate(
                [$"{layer}attention/self/query/bias", $"{layer}attention/self/key/bias", $"{layer}attention/self/value/bias"],
                $"{block}attn.in_proj_bias"
            ),
            .. Dense($"{layer}attention/output/dense", $"{block}attn.out_proj"),
            .. Norm($"{layer}attention/output/LayerNorm", $"{block}ln_1"),
            .. Dense($"{layer}intermediate/dense", $"{block}mlp.c_fc"),
            .. Dense($"{layer}output/dense", $"{block}mlp.c_proj"),
            .. Norm($"{layer}output/LayerNorm", $"{block}ln_2"),
            .. Dense($"{source}pooler/dense", $"{target}pooler"),
        ];
    }

    /// <summary>The rules of the pre-training heads in TensorFlow's names.</summary>
    /// <param name="source">The prefix of the published names, with its slash.</param>
    /// <param name="target">The prefix of ours, with its dot.</param>
    /// <param name="match">Our name of the two-class head.</param>
    public static NameRule[] TensorFlowHeads(string source, string target, string match) =>
        [
            .. Dense($"{source}predictions/transform/dense", $"{target}words.dense"),
            .. Norm($"{source}predictions/transform/LayerNorm", $"{target}words.LayerNorm"),
            NameRule.Copy($"{source}predictions/output_bias", $"{target}words.bias"),
            NameRule.Copy($"{source}seq_relationship/output_weights", $"{target}{match}.weight"),
            NameRule.Copy($"{source}seq_relationship/output_bias", $"{target}{match}.bias"),
        ];

    /// <summary>A dense layer in TensorFlow's names.</summary>
    public static NameRule[] Dense(string source, string target) =>
        [NameRule.Transpose($"{source}/kernel", $"{target}.weight"), NameRule.Copy($"{source}/bias", $"{target}.bias")];

    /// <summary>A layer norm in TensorFlow's names.</summary>
    public static NameRule[] Norm(string source, string target) =>
        [NameRule.Copy($"{source}/gamma", $"{target}.weight"), NameRule.Copy($"{source}/beta", $"{target}.bias")];
}
