// Published names of CLIP's tensors.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>
/// Name maps onto <see cref="Clip"/> and every other system whose towers are <c>visual</c>, <c>text</c> and <c>contrastive</c>
/// (<see cref="CmaClip"/>). What such a system adds to CLIP (heads, fusion) may be missing in a checkpoint.
/// </summary>
public static class NameMapClip
{
    private static readonly string[] NewParts =
    [
        "{rest*}.num_batches_tracked",
        "heads.{rest*}",
        "missing_{m:image|text}.vector",
        "fusion.{rest*}",
        "fusion_norm.{rest*}",
        "modality_embedding",
        "modality_attention.{rest*}",
        "image_tokens.{rest*}",
        "text_tokens.{rest*}",
    ];

    /// <summary>openai/CLIP and open_clip state dictionaries (clip/model.py), vision transformer and modified ResNet alike.</summary>
    public static NameMap OpenAi { get; } =
        new NameMap(
            NameRule.Copy("visual.{rest*}", "visual.{rest}"),
            NameRule.Copy("transformer.{rest*}", "text.transformer.{rest}"),
            NameRule.Copy("token_embedding.weight", "text.token_embedding.weight"),
            NameRule.Copy("positional_embedding", "text.positional_embedding"),
            NameRule.Copy("ln_final.{p:weight|bias}", "text.ln_final.{p}"),
            NameRule.Copy("text_projection", "text.text_projection"),
            NameRule.Copy("text.{rest*}", "text.{rest}"),
            NameRule.Copy("logit_scale", "contrastive.logit_scale"),
            NameRule.Ignore("{p:input_resolution|context_length|vocab_size}", "a constant of the published archive, not a weight"),
            NameRule.Ignore("{p:attn_mask|text.attn_mask}", "the causal mask, which is computed")
        ).WithOptional(NewParts);

    /// <summary>Hugging Face's <c>CLIPModel</c> (modeling_clip.py).</summary>
    public static NameMap HuggingFace { get; } =
        new NameMap([
            .. Blocks("text_model.encoder.layers.{n}", "text.transformer.resblocks.{n}"),
            .. Blocks("vision_model.encoder.layers.{n}", "visual.transformer.resblocks.{n}"),
            NameRule.Copy("text_model.embeddings.token_embedding.weight", "text.token_embedding.weight"),
            NameRule.Copy("text_model.embeddings.position_embedding.weight", "text.positional_embedding"),
            NameRule.Copy("text_model.final_layer_norm.{p:weight|bias}", "text.ln_final.{p}"),
            NameRule.Transpose("text_projection.weight", "text.text_projection"),
            NameRule.Reshape("vision_model.embeddings.class_embedding", "visual.class_embedding"),
            NameRule.Copy("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"),
            NameRule.Copy("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
            NameRule.Copy("vision_model.{l:pre_layrnorm|pre_layernorm}.{p:weight|bias}", "visual.ln_pre.{p}"),
            NameRule.Copy("vision_model.post_layernorm.{p:weight|bias}", "visual.ln_post.{p}"),
            NameRule.Transpose("visual_projection.weight", "visual.proj"),
            NameRule.Copy("logit_scale", "contrastive.logit_scale"),
            NameRule.Ignore("{m:text|vision}_model.embeddings.position_ids", "the values 0, 1, 2, ..., which are computed"),
        ]).WithOptional(NewParts);

    /// <summary>The blocks of Hugging Face's CLIP and SigLIP, which have the same names.</summary>
    internal static NameRule[] Blocks(string theirs, string ours) =>
        [
            NameRule.Concatenate(
                [
                    $"{theirs}.self_attn.q_proj.{{p:weight|bias}}",
                    $"{theirs}.self_attn.k_proj.{{p:weight|bias}}",
                    $"{theirs}.self_attn.v_proj.{{p:weight|bias}}",
                ],
                $"{ours}.attn.in_proj_{{p}}"
            ),
            NameRule.Copy($"{theirs}.self_attn.out_proj.{{p:weight|bias}}", $"{ours}.attn.out_proj.{{p}}"),
            NameRule.Copy($"{theirs}.layer_norm1.{{p:weight|bias}}", $"{ours}.ln_1.{{p}}"),
            NameRule.Copy($"{theirs}.layer_norm2.{{p:weight|bias}}", $"{ours}.ln_2.{{p}}"),
            NameRule.Copy($"{theirs}.mlp.fc1.{{p:weight|bias}}", $"{ours}.mlp.c_fc.{{p}}"),
            NameRule.Copy($"{theirs}.mlp.fc2.{{p:weight|bias}}", $"{ours}.mlp.c_proj.{{p}}"),
        ];
}
