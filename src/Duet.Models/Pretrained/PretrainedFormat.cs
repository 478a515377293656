// The forms in which published weights come.
namespace Duet.Models.Pretrained;

/// <summary>Whose names and configuration a checkpoint follows.</summary>
public enum PretrainedFormat
{
    /// <summary>Hugging Face's <c>CLIPModel</c>: <c>config.json</c> with model_type clip.</summary>
    HuggingFaceClip,

    /// <summary>Hugging Face's <c>BertModel</c> and its variants with heads: model_type bert.</summary>
    HuggingFaceBert,

    /// <summary>Hugging Face's RoBERTa and XLM-R: model_type roberta or xlm-roberta.</summary>
    HuggingFaceRoberta,

    /// <summary>Hugging Face's T5 and mT5, with or without the decoder: model_type t5 or mt5.</summary>
    HuggingFaceT5,

    /// <summary>Hugging Face's <c>ViTModel</c> and <c>ViTForImageClassification</c>: model_type vit.</summary>
    HuggingFaceVit,

    /// <summary>Hugging Face's <c>ResNetModel</c> and <c>ResNetForImageClassification</c>: model_type resnet.</summary>
    HuggingFaceResNet,

    /// <summary>open_clip: <c>open_clip_config.json</c>.</summary>
    OpenClip,

    /// <summary>open_clip's CoCa: <c>open_clip_config.json</c> with a <c>multimodal_cfg</c>.</summary>
    OpenClipCoCa,

    /// <summary>OpenAI's CLIP state dictionary (clip/model.py), with or without a <c>config.json</c> of its constructor's
    /// arguments.</summary>
    OpenAiClip,

    /// <summary>torchvision's residual networks, recognised by their names.</summary>
    TorchvisionResNet,

    /// <summary>torchvision's vision transformers, recognised by their names.</summary>
    TorchvisionVit,

    /// <summary>A run folder of Duet.</summary>
    DuetRun,

    /// <summary>Hugging Face's <c>SiglipModel</c> and <c>Siglip2Model</c>: model_type siglip or siglip2.</summary>
    HuggingFaceSigLip,

    /// <summary>open_clip's SigLIP: <c>open_clip_config.json</c> with a <c>timm_model_name</c>.</summary>
    OpenClipSigLip,
}
