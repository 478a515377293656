// The parts of published models that systems take over.
namespace Duet.Models.Pretrained;

/// <summary>A part of a network that may come pre-trained.</summary>
public enum TowerKind
{
    /// <summary>CLIP's picture tower: vision transformer or modified ResNet.</summary>
    ClipImage,

    /// <summary>CLIP's text tower.</summary>
    ClipText,

    /// <summary>CLIP's temperature.</summary>
    ClipScale,

    /// <summary>CoCa's picture tower with its poolers.</summary>
    CoCaImage,

    /// <summary>The unimodal half of CoCa's decoder.</summary>
    CoCaText,

    /// <summary>The multimodal half of CoCa's decoder.</summary>
    CoCaDecoder,

    /// <summary>ViT's encoder.</summary>
    Vit,

    /// <summary>ViT's pooler.</summary>
    VitPooler,

    /// <summary>A BERT encoder: also RoBERTa's and XLM-R's.</summary>
    Bert,

    /// <summary>T5's encoder: also mT5's.</summary>
    T5,

    /// <summary>A residual network without its classifier.</summary>
    ResNet,

    /// <summary>The rest of VisualBERT's network: how it embeds regions. A run hands it to a run of the same system.</summary>
    VisualBertStage,

    /// <summary>The rest of ImageBERT's network: how it embeds regions, and its pre-training heads. A run hands it to the run of the next
    /// stage.</summary>
    ImageBertStage,

    /// <summary>ImageBERT's codebook of objects, which says what its heads' classes mean.</summary>
    ImageBertObjects,

    /// <summary>The rest of KaleidoBERT's network: how it embeds kaleido patches, and its pre-training heads. A run hands it to the run of
    /// the next stage.</summary>
    KaleidoBertStage,

    /// <summary>SigLIP's picture tower with its attention pooling.</summary>
    SigLipImage,

    /// <summary>SigLIP's text tower.</summary>
    SigLipText,

    /// <summary>SigLIP's temperature and bias.</summary>
    SigLipScale,
}
