// The published names of EasyTransfer's one-stream models.
namespace Duet.Models.Pretrained;

/// <summary>Tables of EasyTransfer's TensorFlow names; dense kernels are stored <c>[inputs, outputs]</c>.</summary>
public static class EasyTransferNames
{
    /// <summary>EasyTransfer's ImageBERT to <see cref="ImageBertNetwork"/>.</summary>
    public static NameMap ImageBert { get; } =
        new([
            .. BertNames.TensorFlowEncoder("bert/", "bert."),
            NameRule.Transpose("bert/image_embeddings/image_projector", "regions.projector.weight"),
            NameRule.Copy("bert/image_embeddings/patch_type_embeddings", "regions.type_embeddings.weight"),
            NameRule.Copy("bert/image_embeddings/patch_position_embeddings", "positions.weight"),
            .. BertNames.Norm("bert/image_embeddings/ImageEmbLayerNorm", "regions.LayerNorm"),
            .. BertNames.TensorFlowHeads("cls/", string.Empty, "match"),
            NameRule.Transpose("cls/img_predictions/output_weights", "features.weight"),
        ]);

    /// <summary>Kaleido-BERT to <see cref="KaleidoNetwork"/>, with the published spelling of two variables.</summary>
    public static NameMap KaleidoBert { get; } =
        new([
            .. BertNames.TensorFlowEncoder("bert/", "bert."),
            NameRule.Copy("bert/position_dense", "place"),
            .. Level("rotation_embeddings", "rotation", 0),
            .. Level("jigsaw_embeddings", "jigsaw", 1),
            .. Level("camouflage_embeddings", "camouflage", 2),
            .. Level("greymask_embeddings", "greymask", 3),
            .. Level("blank_embeddings", "blankmask", 4),
            .. BertNames.TensorFlowHeads("cls/", string.Empty, "match"),
            NameRule.Copy("cls/img_rotation/rotation_output_weights", "rotation.weight"),
            NameRule.Copy("cls/img_rotation/rotation_output_bias", "rotation.bias"),
            NameRule.Copy("cls/img_jigsaw/jiasaw_output_weights", "jigsaw.weight"),
            NameRule.Copy("cls/img_jigsaw/jigsaw_output_bias", "jigsaw.bias"),
            NameRule.Copy("cls/img_camouflage/camouflage_output_weights", "camouflage.weight"),
            NameRule.Copy("cls/img_camouflage/camouflage_output_bias", "camouflage.bias"),
            NameRule.Transpose("cls/img_greymask/greymask_output_weights", "grey.weight"),
            NameRule.Transpose("cls/img_blankmask/blanmask_output_weights", "blank.weight"),
        ]);

    private static NameRule[] Level(string scope, string name, int level) =>
        [
            NameRule.Transpose($"bert/{scope}/{name}_projector", $"levels.{level}.projector.weight"),
            NameRule.Copy($"bert/{scope}/{name}_type_embeddings", $"levels.{level}.type_embeddings.weight"),
            .. BertNames.Norm($"bert/{scope}/{name}EmbLayerNorm", $"levels.{level}.LayerNorm"),
        ];
}
