// Name maps of published Perceivers onto the parts of ours.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>
/// The tables that bring published Perceiver weights to our names: <c>text</c> and <c>image</c> readers, <c>padding</c>, <c>encoder</c>,
/// <c>decoder</c>, and <c>classifier</c> for the published single classifier.
/// </summary>
public static class PerceiverNames
{
    /// <summary>Hugging Face's port of DeepMind's code (transformers, modeling_perceiver.py) with multimodal input and classification
    /// decoder.</summary>
    public static NameMap HuggingFace { get; } =
        new NameMap([
            NameRule.Copy("input_preprocessor.modalities.text.embeddings.weight", "text.token_embedding.weight"),
            NameRule.Copy("input_preprocessor.modalities.text.position_embeddings.weight", "text.position_embedding.weight"),
            NameRule.Copy("input_preprocessor.modalities.image.convnet.conv.weight", "image.conv.weight"),
            NameRule.Copy("input_preprocessor.modalities.image.convnet.batchnorm.{rest*}", "image.norm.{rest}"),
            NameRule.Copy("input_preprocessor.modalities.image.convnet_1x1.{p:weight|bias}", "image.conv.{p}"),
            NameRule.Copy("input_preprocessor.modalities.image.conv_after_patches.{p:weight|bias}", "image.patch_projection.{p}"),
            NameRule.Copy("input_preprocessor.modalities.image.position_embeddings.position_embeddings", "image.positions"),
            NameRule.Copy("input_preprocessor.modalities.image.positions_projection.{p:weight|bias}", "image.position_projection.{p}"),
            NameRule.Copy("input_preprocessor.{kind:padding|mask}.{rest*}", "padding.{kind}.{rest}"),
            NameRule.Copy("embeddings.latents", "encoder.latents"),
            .. HuggingFaceLayer("encoder.cross_attention", "encoder.read.0"),
            .. HuggingFaceLayer("encoder.self_attends.{n}", "encoder.blocks.0.{n}"),
            NameRule.Copy("decoder.decoder.output_position_encodings.position_embeddings", "decoder.queries"),
            NameRule.Copy("decoder.decoder.positions_projection.{p:weight|bias}", "decoder.query_projection.{p}"),
            .. HuggingFaceLayer("decoder.decoder.decoding_cross_attention", "decoder.attend"),
            NameRule.Copy("decoder.decoder.final_layer.{p:weight|bias}", "classifier.{p}"),
        ]).WithOptional("image.norm.num_batches_tracked");

    /// <summary>The image classifier of krasserm/perceiver-io (perceiver/model/core/modules.py); <c>0</c> is its encoder, <c>1</c> its
    /// decoder.</summary>
    public static NameMap Krasserm { get; } =
        new([
            NameRule.Copy("0.latent_provider._query", "encoder.latents"),
            NameRule.Ignore("0.input_adapter.position_encoding.position_encoding", "the fixed Fourier features, which are computed"),
            .. KrassermLayer("0.cross_attn_1", "encoder.read.0"),
            .. KrassermLayer("0.cross_attn_n", "encoder.read.1"),
            .. KrassermLayer("0.self_attn_1.{n}", "encoder.blocks.0.{n}"),
            .. KrassermLayer("0.self_attn_n.{n}", "encoder.blocks.1.{n}"),
            NameRule.Copy("1.output_query_provider._query", "decoder.queries"),
            .. KrassermLayer("1.cross_attn", "decoder.attend"),
            NameRule.Copy("1.output_adapter.linear.{p:weight|bias}", "classifier.{p}"),
        ]);

    private static NameRule[] HuggingFaceLayer(string source, string target) =>
        [
            NameRule.Copy($"{source}.attention.self.layernorm1.{{p:weight|bias}}", $"{target}.attention.query_norm.{{p}}"),
            NameRule.Copy($"{source}.attention.self.layernorm2.{{p:weight|bias}}", $"{target}.attention.context_norm.{{p}}"),
            NameRule.Copy($"{source}.attention.self.{{part:query|key|value}}.{{p:weight|bias}}", $"{target}.attention.{{part}}.{{p}}"),
            NameRule.Copy($"{source}.attention.output.dense.{{p:weight|bias}}", $"{target}.attention.output.{{p}}"),
            NameRule.Copy($"{source}.layernorm.{{p:weight|bias}}", $"{target}.mlp_norm.{{p}}"),
            NameRule.Copy($"{source}.mlp.dense1.{{p:weight|bias}}", $"{target}.mlp.c_fc.{{p}}"),
            NameRule.Copy($"{source}.mlp.dense2.{{p:weight|bias}}", $"{target}.mlp.c_proj.{{p}}"),
        ];

    // An attention inside a residual sum is called "0.module", one without it "0".
    private static NameRule[] KrassermLayer(string source, string target) =>
        [
            .. KrassermAttention($"{source}.0.module", target),
            .. KrassermAttention($"{source}.0", target),
            NameRule.Copy($"{source}.1.module.0.{{p:weight|bias}}", $"{target}.mlp_norm.{{p}}"),
            NameRule.Copy($"{source}.1.module.1.{{p:weight|bias}}", $"{target}.mlp.c_fc.{{p}}"),
            NameRule.Copy($"{source}.1.module.3.{{p:weight|bias}}", $"{target}.mlp.c_proj.{{p}}"),
        ];

    private static NameRule[] KrassermAttention(string source, string target) =>
        [
            NameRule.Copy($"{source}.{{norm:norm|q_norm}}.{{p:weight|bias}}", $"{target}.attention.query_norm.{{p}}"),
            NameRule.Copy($"{source}.kv_norm.{{p:weight|bias}}", $"{target}.attention.context_norm.{{p}}"),
            NameRule.Copy($"{source}.attention.q_proj.{{p:weight|bias}}", $"{target}.attention.query.{{p}}"),
            NameRule.Copy($"{source}.attention.k_proj.{{p:weight|bias}}", $"{target}.attention.key.{{p}}"),
            NameRule.Copy($"{source}.attention.v_proj.{{p:weight|bias}}", $"{target}.attention.value.{{p}}"),
            NameRule.Copy($"{source}.attention.o_proj.{{p:weight|bias}}", $"{target}.attention.output.{{p}}"),
        ];
}
