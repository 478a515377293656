// CoCa's shapes from open_clip_config.json.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Text;
using Duet.Torch;

namespace Duet.Models;

/// <summary>Reads <c>open_clip_config.json</c> of open_clip's CoCa (coca_model.py: MultimodalCfg beside the two towers'
/// settings).</summary>
internal static class OpenClipCoCaConfiguration
{
    private const string Decoder = "multimodal_cfg";

    private static readonly Dictionary<string, object> VisionFixed = new(StringComparer.Ordinal)
    {
        ["global_average_pool"] = false,
        ["no_ln_pre"] = false,
        ["pos_embed_type"] = "learnable",
        ["final_ln_after_pool"] = false,
        ["pool_type"] = "tok",
        ["output_tokens"] = true,
        ["input_patchnorm"] = false,
    };

    private static readonly Dictionary<string, object> TextFixed = new(StringComparer.Ordinal)
    {
        ["embed_cls"] = true,
        ["no_causal_mask"] = false,
        ["final_ln_after_pool"] = false,
        ["proj_bias"] = false,
        ["output_tokens"] = true,
    };

    /// <summary>Whether a configuration is CoCa's.</summary>
    internal static bool IsIn(ConfigurationReader file) => file.Section("model_cfg").Has(Decoder);

    /// <summary>Reads the towers' shapes.</summary>
    /// <exception cref="PretrainedException">A setting leads to an architecture that is not read.</exception>
    internal static PretrainedTowers Read(ConfigurationReader file)
    {
        var model = file.Section("model_cfg");
        var (vision, text, decoder) = (model.Section("vision_cfg"), model.Section("text_cfg"), model.Section(Decoder));
        OpenClipConfiguration.Check(model, [], ["embed_dim", "vision_cfg", "text_cfg", Decoder, "quick_gelu"]);
        OpenClipConfiguration.Check(
            vision,
            VisionFixed,
            [
                "layers",
                "width",
                "head_width",
                "mlp_ratio",
                "patch_size",
                "image_size",
                "attentional_pool",
                "attn_pooler_queries",
                "attn_pooler_heads",
            ]
        );
        OpenClipConfiguration.Check(
            text,
            TextFixed,
            ["context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio", "correct_cls_mask"]
        );

        // coca_model.py never hands the decoder's mlp_ratio on: its MLPs are four times its width whatever the file says.
        OpenClipConfiguration.Check(decoder, [], ["context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio"]);
        var pictures = file.Section("preprocess_cfg");
        var options = Shape(model, vision, text, decoder);
        options = options with
        {
            PixelMean = pictures.Numbers("mean") ?? options.PixelMean,
            PixelDeviation = pictures.Numbers("std") ?? options.PixelDeviation,
            Preprocessing = PublishedPreprocessing.OpenClip(pictures),
        };
        return model.Checked(() =>
        {
            options.Validate();
            return new PretrainedTowers(TowerKind.CoCaImage, TowerKind.CoCaText, TowerKind.CoCaDecoder, TowerKind.ClipScale)
            {
                CoCa = options,
                Tokenizer = ClipBpe.KindName,
                VocabularySize = text.Integer("vocab_size", 49408),
                ImageSize = options.ImageSize,
                PixelMean = options.PixelMean,
                PixelDeviation = options.PixelDeviation,
                Preprocessing = options.Preprocessing,
            };
        });
    }

    private static CoCaOptions Shape(
        ConfigurationReader model,
        ConfigurationReader vision,
        ConfigurationReader text,
        ConfigurationReader decoder
    )
    {
        var (width, textWidth) = (vision.Integer("width", 768), text.Integer("width", 512));
        if (decoder.Integer("width", 512) != textWidth)
        {
            throw decoder.Error(
                $"width is {decoder.Integer("width", 512)}, but the text tower's is {textWidth}; both halves of the decoder have one width."
            );
        }

        return new CoCaOptions
        {
            ImageSize = vision.Side("image_size", 224),
            ContextLength = text.Integer("context_length", 77),
            JointWidth = model.Integer("embed_dim"),
            Activation = model.Flag("quick_gelu", otherwise: false) ? Activation.QuickGelu : Activation.Gelu,
            LegacyClassMask = !text.Flag("correct_cls_mask", otherwise: false),
            Pooling = Pooling(vision),
            PoolerQueries = vision.Integer("attn_pooler_queries", 256),
            PoolerHeads = vision.Integer("attn_pooler_heads", 8),
            TextMlpRatio = text.Number("mlp_ratio", 4),
            DecoderHeads = decoder.Integer("heads", 8),
            DecoderLayers = decoder.Integer("layers", 12),
            Text = new()
            {
                Width = textWidth,
                Heads = text.Integer("heads", 8),
                Layers = text.Integer("layers", 12),
            },
            Image = new()
            {
                PatchSize = vision.Side("patch_size", 16),
                Width = width,
                Layers = vision.Integer("layers", 12),
                Heads = width / Math.Max(vision.Integer("head_width", 64), 1),
                MlpRatio = vision.Number("mlp_ratio", 4),
            },
        };
    }

    // true in all published checkpoints; the code also knows two names.
    private static CoCaPooling Pooling(ConfigurationReader vision) =>
        vision.IsText("attentional_pool")
            ? vision.Text("attentional_pool") switch
            {
                "cascade" => CoCaPooling.Cascade,
                "parallel" => CoCaPooling.Parallel,
                var other => throw vision.Error($"attentional_pool is {other}; Duet reads true, false, cascade and parallel."),
            }
        : vision.Flag("attentional_pool", otherwise: false) ? CoCaPooling.Single
        : CoCaPooling.None;
}
