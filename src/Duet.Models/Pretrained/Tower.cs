// The names of towers under which checkpoints and systems meet.
namespace Duet.Models.Pretrained;

/// <summary>A kind of tower: what name maps call it, and which of its tensors a checkpoint may lack.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Title">Its name in messages.</param>
/// <param name="Prefix">What every name map puts before the tower's tensors.</param>
/// <param name="Optional">Names below the prefix that start from random weights where a checkpoint lacks them.</param>
internal sealed record Tower(TowerKind Kind, string Title, string Prefix, params string[] Optional)
{
    /// <summary>Every kind of tower.</summary>
    internal static IReadOnlyList<Tower> All { get; } =
    [
        new(TowerKind.ClipImage, "CLIP's picture tower", "visual."),
        new(TowerKind.ClipText, "CLIP's text tower", "text."),
        new(TowerKind.ClipScale, "CLIP's temperature", "contrastive.", "logit_scale"),
        new(TowerKind.SigLipImage, "SigLIP's picture tower", "visual."),
        new(TowerKind.SigLipText, "SigLIP's text tower", "text."),
        new(TowerKind.SigLipScale, "SigLIP's temperature and bias", "contrastive.", "logit_scale", "logit_bias"),
        new(TowerKind.CoCaImage, "CoCa's picture tower", "visual."),
        new(TowerKind.CoCaText, "CoCa's text tower", "text."),
        new(TowerKind.CoCaDecoder, "CoCa's captioner", "text_decoder."),
        new(TowerKind.Vit, "a ViT encoder", "visual."),
        new(TowerKind.VitPooler, "a ViT pooler", "pooler.", "weight", "bias"),
        new(TowerKind.Bert, "a BERT encoder", "bert.", "pooler.weight", "pooler.bias"),
        new(TowerKind.T5, "a T5 encoder", "t5."),
        new(TowerKind.ResNet, "a residual network", "resnet."),
        new(TowerKind.VisualBertStage, "VisualBERT's region embeddings", "visualbert."),
        new(TowerKind.ImageBertStage, "ImageBERT's regions and pre-training heads", "imagebert."),
        new(TowerKind.ImageBertObjects, "ImageBERT's codebook of objects", "imagebert_objects."),
        new(TowerKind.KaleidoBertStage, "KaleidoBERT's patches and pre-training heads", "kaleidobert."),
    ];

    /// <summary>The entry of a kind.</summary>
    internal static Tower Of(TowerKind kind) => All.First(tower => tower.Kind == kind);

    /// <summary>Whether a name below the prefix may be missing in a checkpoint.</summary>
    internal bool MayLack(string rest) => Optional.Contains(rest, StringComparer.Ordinal);
}
