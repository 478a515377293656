// Published names of ViT's tensors.
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>Name maps onto <see cref="Vit"/>.</summary>
public static class NameMapVit
{
    /// <summary>Hugging Face's <c>ViTForImageClassification</c> and <c>ViTModel</c> (modeling_vit.py).</summary>
    /// <param name="classifier">Whether the published classifier becomes the first task's head; otherwise it is left out.</param>
    /// <param name="pooler">Whether the model pools through the published pooler.</param>
    public static NameMap HuggingFace(bool classifier, bool pooler) =>
        new NameMap(
            NameRule.Reshape("{x:vit.|}embeddings.cls_token", "visual.class_embedding"),
            NameRule.Reshape("{x:vit.|}embeddings.position_embeddings", "visual.positional_embedding"),
            NameRule.Copy("{x:vit.|}embeddings.patch_embeddings.projection.{p:weight|bias}", "visual.conv1.{p}"),
            NameRule.Concatenate(
                [
                    "{x:vit.|}encoder.layer.{n}.attention.attention.query.{p:weight|bias}",
                    "{x:vit.|}encoder.layer.{n}.attention.attention.key.{p:weight|bias}",
                    "{x:vit.|}encoder.layer.{n}.attention.attention.value.{p:weight|bias}",
                ],
                "visual.transformer.resblocks.{n}.attn.in_proj_{p}"
            ),
            NameRule.Copy(
                "{x:vit.|}encoder.layer.{n}.attention.output.dense.{p:weight|bias}",
                "visual.transformer.resblocks.{n}.attn.out_proj.{p}"
            ),
            NameRule.Copy("{x:vit.|}encoder.layer.{n}.intermediate.dense.{p:weight|bias}", "visual.transformer.resblocks.{n}.mlp.c_fc.{p}"),
            NameRule.Copy("{x:vit.|}encoder.layer.{n}.output.dense.{p:weight|bias}", "visual.transformer.resblocks.{n}.mlp.c_proj.{p}"),
            NameRule.Copy("{x:vit.|}encoder.layer.{n}.layernorm_before.{p:weight|bias}", "visual.transformer.resblocks.{n}.ln_1.{p}"),
            NameRule.Copy("{x:vit.|}encoder.layer.{n}.layernorm_after.{p:weight|bias}", "visual.transformer.resblocks.{n}.ln_2.{p}"),
            NameRule.Copy("{x:vit.|}layernorm.{p:weight|bias}", "visual.ln_post.{p}"),
            pooler
                ? NameRule.Copy("{x:vit.|}pooler.dense.{p:weight|bias}", "pooler.{p}")
                : NameRule.Ignore("{x:vit.|}pooler.dense.{p:weight|bias}", "this model reads the class position itself"),
            Classifier("classifier.{p:weight|bias}", classifier)
        ).WithOptional("missing_image.vector", "heads.{rest*}");

    /// <summary>torchvision's <c>VisionTransformer</c> (models/vision_transformer.py).</summary>
    /// <param name="classifier">Whether the published classifier becomes the first task's head; otherwise it is left out.</param>
    public static NameMap Torchvision(bool classifier) =>
        new NameMap(
            NameRule.Reshape("class_token", "visual.class_embedding"),
            NameRule.Reshape("encoder.pos_embedding", "visual.positional_embedding"),
            NameRule.Copy("conv_proj.{p:weight|bias}", "visual.conv1.{p}"),
            NameRule.Copy("encoder.layers.encoder_layer_{n}.ln_{k:1|2}.{p:weight|bias}", "visual.transformer.resblocks.{n}.ln_{k}.{p}"),
            NameRule.Copy("encoder.layers.encoder_layer_{n}.self_attention.{rest*}", "visual.transformer.resblocks.{n}.attn.{rest}"),
            NameRule.Copy(
                "encoder.layers.encoder_layer_{n}.mlp.{k:0|linear_1}.{p:weight|bias}",
                "visual.transformer.resblocks.{n}.mlp.c_fc.{p}"
            ),
            NameRule.Copy(
                "encoder.layers.encoder_layer_{n}.mlp.{k:3|linear_2}.{p:weight|bias}",
                "visual.transformer.resblocks.{n}.mlp.c_proj.{p}"
            ),
            NameRule.Copy("encoder.ln.{p:weight|bias}", "visual.ln_post.{p}"),
            Classifier("heads.head.{p:weight|bias}", classifier)
        ).WithOptional("missing_image.vector", "heads.{rest*}");

    private static NameRule Classifier(string published, bool kept) =>
        kept
            ? NameRule.Copy(published, "heads.0.output.{p}")
            : NameRule.Ignore(published, "its classes are not those of this model's tasks");
}
