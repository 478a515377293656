// Shapes from the config.json of Hugging Face's models.
using Duet.Models.Encoders;
using Duet.Text;
using Duet.Torch;

namespace Duet.Models.Pretrained;

/// <summary>
/// Reads <c>config.json</c> of Hugging Face's CLIP, BERT, RoBERTa, ViT and ResNet (configuration_*.py of transformers). Published files
/// leave defaults out, so absent settings have the defaults given there; settings that Duet does not implement are refused by name.
/// </summary>
internal static class HuggingFaceConfiguration
{
    private static readonly double[] Half = [0.5, 0.5, 0.5];
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] ImageNetDeviation = [0.229, 0.224, 0.225];

    internal static PretrainedTowers Clip(ConfigurationReader config)
    {
        var text = config.Section("text_config", "text_config_dict");
        var vision = config.Section("vision_config", "vision_config_dict");
        vision.Demand("num_channels", 3, "pictures have red, green and blue");
        var (width, textWidth) = (vision.Integer("hidden_size", 768), text.Integer("hidden_size", 512));
        var options = new ClipOptions
        {
            ImageSize = vision.Side("image_size", 224),
            ContextLength = text.Integer("max_position_embeddings", 77),
            JointWidth = config.Integer("projection_dim", 512),
            Activation = Same(text, vision, "hidden_act", "quick_gelu"),
            NormEpsilon = Same(text, vision, "layer_norm_eps", 1e-5),
            Image = new VisionTransformerOptions
            {
                PatchSize = vision.Side("patch_size", 32),
                Width = width,
                Layers = vision.Integer("num_hidden_layers", 12),
                Heads = vision.Integer("num_attention_heads", 12),
                MlpRatio = Ratio(vision.Integer("intermediate_size", 3072), width),
            },
            Text = new TextTransformerOptions
            {
                Width = textWidth,
                Layers = text.Integer("num_hidden_layers", 12),
                Heads = text.Integer("num_attention_heads", 8),
            },
        };
        text.Demand("intermediate_size", 4 * textWidth, "CLIP's text blocks have an MLP of four times their width");
        return config.Checked(() => OfClip(options, text.Integer("vocab_size", 49408)));
    }

    internal static PretrainedTowers Bert(ConfigurationReader config)
    {
        RefuseBertVariants(config);
        var bert = config.Checked(() => BertConfiguration.Read(config.Root));
        return new(TowerKind.Bert)
        {
            Bert = bert,
            Tokenizer = WordPiece.KindName,
            VocabularySize = bert.VocabularySize,
        };
    }

    internal static PretrainedTowers Roberta(ConfigurationReader config)
    {
        RefuseBertVariants(config);
        var defaults = BertOptions.Base(50265) with { NormEpsilon = 1e-5, PaddingToken = 1 };
        var read = config.Checked(() => BertConfiguration.Read(config.Root, defaults));
        var offset = read.PaddingToken + 1 ?? throw config.Error("pad_token_id is null; RoBERTa's positions count from it.");
        if (read.MaximumLength <= offset)
        {
            throw config.Error($"max_position_embeddings is {read.MaximumLength}; RoBERTa spends {offset} of them before the first token.");
        }

        return new(TowerKind.Bert)
        {
            Bert = read with { MaximumLength = read.MaximumLength - offset },
            Tokenizer = Unigram.KindName,
            VocabularySize = read.VocabularySize,
            PositionOffset = offset,
        };
    }

    internal static PretrainedTowers Vit(ConfigurationReader config)
    {
        config.Demand("num_channels", 3, "pictures have red, green and blue");
        config.Demand("qkv_bias", true, "every projection of the attention has a bias here");
        var width = config.Integer("hidden_size", 768);
        var options = config.Checked(() =>
            new VitOptions
            {
                ImageSize = config.Side("image_size", 224),
                Activation = PublishedActivation.Parse(config.Text("hidden_act", "gelu")),
                NormEpsilon = config.Number("layer_norm_eps", 1e-12),
                Image = new VisionTransformerOptions
                {
                    PatchSize = config.Side("patch_size", 16),
                    Width = width,
                    Layers = config.Integer("num_hidden_layers", 12),
                    Heads = config.Integer("num_attention_heads", 12),
                    MlpRatio = Ratio(config.Integer("intermediate_size", 3072), width),
                    PatchBias = true,
                    NormBefore = false,
                },
            }
        );
        config.Checked(() => Validated(options));
        return new(TowerKind.Vit, TowerKind.VitPooler)
        {
            Vit = options,
            ImageSize = options.ImageSize,
            PixelMean = Half,
            PixelDeviation = Half,
            Preprocessing = PublishedPreprocessing.Vit,
        };
    }

    internal static PretrainedTowers ResNet(ConfigurationReader config)
    {
        config.Demand("num_channels", 3, "pictures have red, green and blue");
        config.Demand("hidden_act", "relu", "a residual network has ReLU");
        config.Demand("downsample_in_first_stage", false, "the first stage keeps its resolution");
        config.Demand("downsample_in_bottleneck", false, "the stride is in the 3x3 convolution");
        var bottleneck = config.Text("layer_type", "bottleneck") switch
        {
            "bottleneck" => true,
            "basic" => false,
            var other => throw config.Error($"layer_type is {other}; there are basic and bottleneck."),
        };
        var options = new ResNetOptions
        {
            Bottleneck = bottleneck,
            Blocks = config.Integers("depths") ?? [3, 4, 6, 3],
            Width = config.Integer("embedding_size", 64),
        };
        config.Checked(() =>
        {
            options.Validate();
            return options;
        });
        var widths = config.Integers("hidden_sizes") ?? [256, 512, 1024, 2048];
        var expected = Enumerable.Range(0, options.Blocks.Count).Select(stage => options.Width * (bottleneck ? 4 : 1) << stage).ToArray();
        return widths.AsSpan().SequenceEqual(expected)
            ? OfResNet(options)
            : throw config.Error(
                $"hidden_sizes is [{string.Join(", ", widths)}]; with embedding_size {options.Width} a residual network has "
                    + $"[{string.Join(", ", expected)}]."
            );
    }

    /// <summary>A residual network with the constants of ImageNet's pictures.</summary>
    internal static PretrainedTowers OfResNet(ResNetOptions options) =>
        new(TowerKind.ResNet)
        {
            ResNet = options,
            PixelMean = ImageNetMean,
            PixelDeviation = ImageNetDeviation,
            Preprocessing = PublishedPreprocessing.ImageNet,
        };

    /// <summary>A vision transformer with the constants of ImageNet's pictures.</summary>
    internal static PretrainedTowers OfTorchvisionVit(VitOptions options) =>
        new(TowerKind.Vit)
        {
            Vit = options,
            ImageSize = options.ImageSize,
            PixelMean = ImageNetMean,
            PixelDeviation = ImageNetDeviation,
            Preprocessing = PublishedPreprocessing.ImageNet,
        };

    /// <summary>CLIP's towers from its options, which are validated.</summary>
    /// <exception cref="OptionException">An option is outside its range.</exception>
    internal static PretrainedTowers OfClip(ClipOptions options, int vocabulary)
    {
        options.Validate();
        OptionException.Require("vocab_size", vocabulary, 4, 10_000_000, "there must be words besides the special tokens");
        return new(TowerKind.ClipImage, TowerKind.ClipText, TowerKind.ClipScale)
        {
            Clip = options,
            Tokenizer = ClipBpe.KindName,
            VocabularySize = vocabulary,
            ImageSize = options.ImageSize,
            PixelMean = options.PixelMean,
            PixelDeviation = options.PixelDeviation,
            Preprocessing = options.Preprocessing with { Mode = PreprocessingMode.Exact },
        };
    }

    /// <summary>The ratio from which the encoder's whole-number arithmetic gives exactly this hidden width.</summary>
    internal static double Ratio(int hidden, int width)
    {
        var ratio = hidden / (double)Math.Max(width, 1);
        return (long)(width * ratio) == hidden ? ratio : Math.BitIncrement(ratio);
    }

    private static void RefuseBertVariants(ConfigurationReader config)
    {
        config.Demand("position_embedding_type", "absolute", "positions are added to the words");
        config.Demand("is_decoder", false, "every token sees every other");
    }

    private static Activation Same(ConfigurationReader text, ConfigurationReader vision, string name, string otherwise)
    {
        var (first, second) = (text.Text(name, otherwise), vision.Text(name, otherwise));
        return string.Equals(first, second, StringComparison.Ordinal)
            ? text.Checked(() => PublishedActivation.Parse(first))
            : throw text.Error($"{name} is {first}, but {second} in the picture tower; both towers have one activation here.");
    }

    private static double Same(ConfigurationReader text, ConfigurationReader vision, string name, double otherwise)
    {
        var (first, second) = (text.Number(name, otherwise), vision.Number(name, otherwise));
        return first.Equals(second)
            ? first
            : throw text.Error(
                FormattableString.Invariant($"{name} is {first}, but {second} in the picture tower; both towers have one epsilon here.")
            );
    }

    private static VitOptions Validated(VitOptions options)
    {
        options.Validate();
        return options;
    }
}
