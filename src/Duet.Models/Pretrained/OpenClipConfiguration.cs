// Shapes from open_clip_config.json.
using Duet.Models.Encoders;
using Duet.Torch;

namespace Duet.Models.Pretrained;

/// <summary>
/// Reads <c>open_clip_config.json</c> (open_clip, model.py: CLIPVisionCfg and CLIPTextCfg). The file describes many architectures; a
/// setting that leads away from CLIP's two towers is refused by name, and so is one that is not known.
/// </summary>
internal static class OpenClipConfiguration
{
    private static readonly Dictionary<string, object> VisionFixed = new(StringComparer.Ordinal)
    {
        ["global_average_pool"] = false,
        ["attentional_pool"] = false,
        ["no_ln_pre"] = false,
        ["pos_embed_type"] = "learnable",
        ["final_ln_after_pool"] = false,
        ["pool_type"] = "tok",
        ["output_tokens"] = false,
        ["input_patchnorm"] = false,
    };

    private static readonly Dictionary<string, object> TextFixed = new(StringComparer.Ordinal)
    {
        ["mlp_ratio"] = 4,
        ["embed_cls"] = false,
        ["no_causal_mask"] = false,
        ["final_ln_after_pool"] = false,
        ["pool_type"] = "argmax",
        ["proj_bias"] = false,
        ["proj_type"] = "linear",
        ["output_tokens"] = false,
    };

    // Settings of training or of text handling that change no weight and no forward pass of the two towers.
    private static readonly string[] Harmless =
    [
        "patch_dropout",
        "pad_id",
        "eos_id",
        "tokenizer_kwargs",
        "hf_tokenizer_name",
        "tokenizer_mode",
        "text_mask",
        "custom_text",
        "cast_dtype",
        "init_logit_scale",
        "init_logit_bias",
        "hf_model_pretrained",
        "timm_model_pretrained",
        "hf_proj_type",
        "hf_pooler_type",
        "timm_pool",
        "timm_proj",
        "attn_pooler_queries",
        "attn_pooler_heads",
        "attentional_pool_queries",
    ];

    internal static PretrainedTowers Read(ConfigurationReader file)
    {
        var model = file.Section("model_cfg");
        var (vision, text) = (model.Section("vision_cfg"), model.Section("text_cfg"));
        Check(model, [], ["embed_dim", "vision_cfg", "text_cfg", "quick_gelu"]);
        Check(vision, VisionFixed, ["layers", "width", "head_width", "mlp_ratio", "patch_size", "image_size"]);
        Check(text, TextFixed, ["context_length", "vocab_size", "width", "heads", "layers"]);
        var pictures = file.Section("preprocess_cfg");
        var options = Shape(model, vision, text);
        options = options with
        {
            PixelMean = pictures.Numbers("mean") ?? options.PixelMean,
            PixelDeviation = pictures.Numbers("std") ?? options.PixelDeviation,
            Preprocessing = PublishedPreprocessing.OpenClip(pictures),
        };
        return model.Checked(() => HuggingFaceConfiguration.OfClip(options, text.Integer("vocab_size", 49408)));
    }

    private static ClipOptions Shape(ConfigurationReader model, ConfigurationReader vision, ConfigurationReader text)
    {
        var options = new ClipOptions
        {
            ImageSize = vision.Side("image_size", 224),
            ContextLength = text.Integer("context_length", 77),
            JointWidth = model.Integer("embed_dim"),
            Activation = model.Flag("quick_gelu", otherwise: false) ? Activation.QuickGelu : Activation.Gelu,
            Text = new TextTransformerOptions
            {
                Width = text.Integer("width", 512),
                Heads = text.Integer("heads", 8),
                Layers = text.Integer("layers", 12),
            },
        };
        var (width, perHead) = (vision.Integer("width", 768), vision.Integer("head_width", 64));
        if (vision.Integers("layers") is { } stages)
        {
            return options with
            {
                Tower = ImageTower.ModifiedResNet,
                ResNet = new()
                {
                    Layers = stages,
                    Width = width,
                    Heads = width * 32 / Math.Max(perHead, 1),
                },
            };
        }

        return options with
        {
            Image = new VisionTransformerOptions
            {
                PatchSize = vision.Side("patch_size", 16),
                Width = width,
                Layers = vision.Integer("layers", 12),
                Heads = width / Math.Max(perHead, 1),
                MlpRatio = vision.Number("mlp_ratio", 4),
            },
        };
    }

    /// <summary>Refuses settings by name that are neither read nor harmless, or have another value than demanded.</summary>
    internal static void Check(ConfigurationReader section, Dictionary<string, object> demanded, string[] read)
    {
        foreach (var name in section.Names.Where(section.Has))
        {
            if (demanded.TryGetValue(name, out var value))
            {
                section.Demand(name, value, "other values make another architecture than CLIP's two towers");
            }
            else if (!read.Contains(name, StringComparer.Ordinal) && !Harmless.Contains(name, StringComparer.Ordinal))
            {
                throw section.Error(
                    $"{name} is not supported: Duet reads open_clip's own vision transformers, modified ResNets and text transformers."
                );
            }
        }
    }
}
