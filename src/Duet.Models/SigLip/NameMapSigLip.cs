// Published names of SigLIP's tensors.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>Name maps onto <see cref="SigLip"/>. What the system adds (heads) may be missing in a checkpoint.</summary>
public static class NameMapSigLip
{
    private const string Trunk = "{x:model.|}visual.trunk.";
    private static readonly string[] NewParts = ["heads.{rest*}", "missing_{m:image|text}.vector"];

    /// <summary>Hugging Face's <c>SiglipModel</c> and <c>Siglip2Model</c> (modeling_siglip.py, modeling_siglip2.py).</summary>
    public static NameMap HuggingFace { get; } =
        new NameMap([
            .. NameMapClip.Blocks("text_model.encoder.layers.{n}", "text.transformer.resblocks.{n}"),
            .. NameMapClip.Blocks("vision_model.encoder.layers.{n}", "visual.transformer.resblocks.{n}"),
            NameRule.Copy("text_model.embeddings.token_embedding.weight", "text.token_embedding.weight"),
            NameRule.Copy("text_model.embeddings.position_embedding.weight", "text.positional_embedding"),
            NameRule.Copy("text_model.final_layer_norm.{p:weight|bias}", "text.ln_final.{p}"),
            NameRule.Copy("text_model.head.{p:weight|bias}", "text.text_projection.{p}"),
            NameRule.PatchKernel("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"),
            NameRule.Copy("vision_model.embeddings.patch_embedding.bias", "visual.conv1.bias"),
            NameRule.Copy("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
            NameRule.Copy("vision_model.post_layernorm.{p:weight|bias}", "visual.ln_post.{p}"),
            NameRule.Copy("vision_model.head.probe", "visual.attn_pool.probe"),
            NameRule.Copy("vision_model.head.attention.{rest*}", "visual.attn_pool.attn.{rest}"),
            NameRule.Copy("vision_model.head.layernorm.{p:weight|bias}", "visual.attn_pool.ln.{p}"),
            NameRule.Copy("vision_model.head.mlp.fc1.{p:weight|bias}", "visual.attn_pool.mlp.c_fc.{p}"),
            NameRule.Copy("vision_model.head.mlp.fc2.{p:weight|bias}", "visual.attn_pool.mlp.c_proj.{p}"),
            NameRule.Reshape("{s:logit_scale|logit_bias}", "contrastive.{s}"),
            NameRule.Ignore("{m:text|vision}_model.embeddings.position_ids", "the values 0, 1, 2, ..., which are computed"),
            NameRule.Ignore("classifier.{rest*}", "a head for another task"),
        ]).WithOptional(NewParts);

    /// <summary>open_clip's <c>CustomTextCLIP</c> with timm's picture tower (open_clip, model.py; timm, vision_transformer.py,
    /// attention_pool.py); <c>model.</c> stands before the names where transformers wraps it.</summary>
    public static NameMap OpenClip { get; } =
        new NameMap([
            .. Block("blocks.{n}.norm1", "transformer.resblocks.{n}.ln_1"),
            .. Block("blocks.{n}.norm2", "transformer.resblocks.{n}.ln_2"),
            .. Block("blocks.{n}.attn.proj", "transformer.resblocks.{n}.attn.out_proj"),
            .. Block("blocks.{n}.mlp.fc1", "transformer.resblocks.{n}.mlp.c_fc"),
            .. Block("blocks.{n}.mlp.fc2", "transformer.resblocks.{n}.mlp.c_proj"),
            .. Block("patch_embed.proj", "conv1"),
            .. Block("norm", "ln_post"),
            .. Block("attn_pool.proj", "attn_pool.attn.out_proj"),
            .. Block("attn_pool.norm", "attn_pool.ln"),
            .. Block("attn_pool.mlp.fc1", "attn_pool.mlp.c_fc"),
            .. Block("attn_pool.mlp.fc2", "attn_pool.mlp.c_proj"),
            NameRule.Copy(Trunk + "blocks.{n}.attn.qkv.{p:weight|bias}", "visual.transformer.resblocks.{n}.attn.in_proj_{p}"),
            NameRule.Concatenate(
                [Trunk + "attn_pool.q.{p:weight|bias}", Trunk + "attn_pool.kv.{p:weight|bias}"],
                "visual.attn_pool.attn.in_proj_{p}"
            ),
            NameRule.Reshape(Trunk + "pos_embed", "visual.positional_embedding"),
            NameRule.Copy(Trunk + "attn_pool.latent", "visual.attn_pool.probe"),
            NameRule.Ignore("{x:model.|}text.attn_mask", "a mask, which SigLIP does not have"),
            NameRule.Copy("{x:model.|}text.{rest*}", "text.{rest}"),
            NameRule.Reshape("{x:model.|}{s:logit_scale|logit_bias}", "contrastive.{s}"),
        ]).WithOptional(NewParts);

    private static NameRule[] Block(string theirs, string ours) =>
        [NameRule.Copy($"{Trunk}{theirs}.{{p:weight|bias}}", $"visual.{ours}.{{p}}")];
}
