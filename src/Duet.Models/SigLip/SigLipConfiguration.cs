// SigLIP's shapes from Hugging Face's config.json.
using Duet.Models.Pretrained;
using Duet.Text;
using Duet.Torch;
using Duet.Vision;

namespace Duet.Models;

/// <summary>
/// Reads <c>config.json</c> of Hugging Face's SigLIP and SigLIP 2 (configuration_siglip.py, configuration_siglip2.py). SigLIP 2's models of
/// fixed resolution have SigLIP's type; those of variable resolution (NaFlex) have their own. Absent settings have the defaults given
/// there.
/// </summary>
internal static class SigLipConfiguration
{
    /// <summary>Settings with model_type siglip.</summary>
    /// <exception cref="PretrainedException">A setting leads to an architecture that is not read.</exception>
    internal static PretrainedTowers Fixed(ConfigurationReader config) =>
        Read(config, vision => vision.Side("image_size", 224), Interpolation.Bicubic);

    /// <summary>Settings with model_type siglip2: the square grid that positions are resized from gives the pictures' size.</summary>
    /// <exception cref="PretrainedException">A setting leads to an architecture that is not read.</exception>
    internal static PretrainedTowers Variable(ConfigurationReader config)
    {
        var towers = Read(config, Square, Interpolation.Bilinear);
        return towers with { SigLip = towers.SigLip! with { VariableResolution = true } };
    }

    /// <summary>The towers of options, which are validated.</summary>
    /// <exception cref="OptionException">An option is outside its range.</exception>
    internal static PretrainedTowers Of(SigLipOptions options, int vocabulary, SigLipCleaning cleaning)
    {
        options.Validate();
        OptionException.Require("vocab_size", vocabulary, 4, 10_000_000, "there must be words besides the special tokens");
        return new(TowerKind.SigLipImage, TowerKind.SigLipText, TowerKind.SigLipScale)
        {
            SigLip = options,
            Tokenizer = SigLipTokenizer.KindName,
            Cleaning = cleaning,
            VocabularySize = vocabulary,
            ImageSize = options.ImageSize,
            PixelMean = options.PixelMean,
            PixelDeviation = options.PixelDeviation,
            Preprocessing = options.Preprocessing,
        };
    }

    private static PretrainedTowers Read(ConfigurationReader config, Func<ConfigurationReader, int> imageSize, Interpolation interpolation)
    {
        var (text, vision) = (config.Section("text_config"), config.Section("vision_config"));
        vision.Demand("num_channels", 3, "pictures have red, green and blue");
        vision.Demand("vision_use_head", true, "pictures are pooled by the attention head");
        var (width, textWidth) = (vision.Integer("hidden_size", 768), text.Integer("hidden_size", 768));
        if (text.Integer("projection_size", textWidth) is var joint && joint != width)
        {
            throw text.Error($"projection_size is {joint}, but the picture tower's hidden_size is {width}; both are the joint space's.");
        }

        var options = config.Checked(() =>
            new SigLipOptions
            {
                ImageSize = imageSize(vision),
                ContextLength = text.Integer("max_position_embeddings", 64),
                ImageActivation = Activation(vision),
                TextActivation = Activation(text),
                ImageNormEpsilon = vision.Number("layer_norm_eps", 1e-6),
                TextNormEpsilon = text.Number("layer_norm_eps", 1e-6),
                Image = new()
                {
                    PatchSize = vision.Side("patch_size", 16),
                    Width = width,
                    Layers = vision.Integer("num_hidden_layers", 12),
                    Heads = vision.Integer("num_attention_heads", 12),
                    MlpRatio = HuggingFaceConfiguration.Ratio(vision.Integer("intermediate_size", 3072), width),
                    PatchBias = true,
                    NormBefore = false,
                },
                Text = new()
                {
                    Width = textWidth,
                    Layers = text.Integer("num_hidden_layers", 12),
                    Heads = text.Integer("num_attention_heads", 12),
                },
                TextMlpRatio = HuggingFaceConfiguration.Ratio(text.Integer("intermediate_size", 3072), textWidth),
                Preprocessing = PublishedPreprocessing.Vit with { Interpolation = interpolation },
            }
        );
        return config.Checked(() => Of(options, text.Integer("vocab_size", 32000), SigLipCleaning.HuggingFace));
    }

    private static Activation Activation(ConfigurationReader tower) =>
        PublishedActivation.Parse(tower.Text("hidden_act", "gelu_pytorch_tanh"));

    private static int Square(ConfigurationReader vision)
    {
        var patches = vision.Integer("num_patches", 256);
        var side = (int)Math.Round(Math.Sqrt(Math.Max(patches, 0)));
        return side > 0 && side * side == patches
            ? side * vision.Side("patch_size", 16)
            : throw vision.Error($"num_patches is {patches}, which is no square; positions are resized from a square grid.");
    }
}
