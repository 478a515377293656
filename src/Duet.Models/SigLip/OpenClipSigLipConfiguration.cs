// SigLIP's shapes from open_clip_config.json.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Text;
using Duet.Torch;

namespace Duet.Models;

/// <summary>Reads <c>open_clip_config.json</c> of open_clip's SigLIP (open_clip, model.py, timm_model.py): the picture tower is named after
/// timm's table, the text tower is open_clip's.</summary>
internal static class OpenClipSigLipConfiguration
{
    private const string ModelName = "timm_model_name";

    private static readonly Dictionary<string, object> VisionFixed = new(StringComparer.Ordinal)
    {
        ["timm_pool"] = "map",
        ["timm_proj"] = "none",
        ["timm_proj_bias"] = false,
    };

    private static readonly Dictionary<string, object> TextFixed = new(StringComparer.Ordinal)
    {
        ["no_causal_mask"] = true,
        ["proj_bias"] = true,
        ["pool_type"] = "last",
        ["embed_cls"] = false,
        ["final_ln_after_pool"] = false,
        ["proj_type"] = "linear",
        ["output_tokens"] = false,
    };

    /// <summary>Whether a configuration is that of a model with timm's picture tower.</summary>
    internal static bool IsIn(ConfigurationReader file) => file.Section("model_cfg").Section("vision_cfg").Has(ModelName);

    /// <summary>Reads the towers' shapes.</summary>
    /// <exception cref="PretrainedException">A setting leads to an architecture that is not read.</exception>
    internal static PretrainedTowers Read(ConfigurationReader file)
    {
        var model = file.Section("model_cfg");
        var (vision, text) = (model.Section("vision_cfg"), model.Section("text_cfg"));
        var image = TimmSigLip.Read(vision, vision.Text(ModelName));
        model.Demand("quick_gelu", false, "SigLIP has GELU");
        OpenClipConfiguration.Check(model, [], ["embed_dim", "vision_cfg", "text_cfg", "quick_gelu"]);
        OpenClipConfiguration.Check(vision, VisionFixed, ["image_size", ModelName, "timm_model_kwargs"]);
        OpenClipConfiguration.Check(
            text,
            TextFixed,
            ["context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio", "norm_kwargs", "act_kwargs"]
        );

        // What is left out has open_clip's defaults, which are CLIP's.
        foreach (var name in (string[])["no_causal_mask", "proj_bias", "pool_type"])
        {
            if (!text.Has(name))
            {
                throw text.Error($"{name} is missing; SigLIP's text tower has {name} {TextFixed[name]}.");
            }
        }

        var pictures = file.Section("preprocess_cfg");
        var options = Shape(image, text) with { Preprocessing = PublishedPreprocessing.OpenClipSigLip(pictures) };
        options = options with
        {
            PixelMean = pictures.Numbers("mean") ?? options.PixelMean,
            PixelDeviation = pictures.Numbers("std") ?? options.PixelDeviation,
        };
        if (model.Integer("embed_dim") is var joint && joint != options.Image.Width)
        {
            throw model.Error($"embed_dim is {joint}, but the picture tower's width is {options.Image.Width}; it has no projection.");
        }

        return model.Checked(() => SigLipConfiguration.Of(options, text.Integer("vocab_size", 49408), SigLipCleaning.OpenClip));
    }

    private static SigLipOptions Shape(
        (VisionTransformerOptions Tower, int ImageSize, Activation Activation) image,
        ConfigurationReader text
    )
    {
        var (norm, act) = (text.Section("norm_kwargs"), text.Section("act_kwargs"));
        Known(norm, "eps");
        Known(act, "approximate");
        return new()
        {
            ImageSize = image.ImageSize,
            Image = image.Tower,
            ImageActivation = image.Activation,
            ContextLength = text.Integer("context_length", 77),
            Text = new()
            {
                Width = text.Integer("width", 512),
                Heads = text.Integer("heads", 8),
                Layers = text.Integer("layers", 12),
            },
            TextMlpRatio = text.Number("mlp_ratio", 4),
            TextNormEpsilon = norm.Number("eps", 1e-5),
            TextActivation = act.Text("approximate", "none") switch
            {
                "tanh" => Activation.GeluTanh,
                "none" => Activation.Gelu,
                var other => throw act.Error($"approximate is {other}; GELU is tanh or none."),
            },
        };
    }

    private static void Known(ConfigurationReader section, string name)
    {
        if (section.Names.FirstOrDefault(found => !string.Equals(found, name, StringComparison.Ordinal)) is { } other)
        {
            throw section.Error($"{other} is not supported; Duet reads {name}.");
        }
    }
}
