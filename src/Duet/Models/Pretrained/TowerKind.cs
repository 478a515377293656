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
}
