// T5's shape from a published config.json.
using Duet.Models.Encoders;
using Duet.Text;
using Duet.Torch;

namespace Duet.Models.Pretrained;

/// <summary>Reads <c>config.json</c> of Hugging Face's T5 and mT5 (configuration_t5.py, configuration_mt5.py). Absent settings have the
/// defaults given there.</summary>
internal static class T5Configuration
{
    private const string GatePrefix = "gated-";

    /// <summary>The encoder of a configuration with model_type t5.</summary>
    internal static PretrainedTowers T5(ConfigurationReader config) =>
        Read(config, layers: 6, heads: 8, width: 512, mlpWidth: 2048, vocabulary: 32128, feedForward: "relu");

    /// <summary>The encoder of a configuration with model_type mt5.</summary>
    internal static PretrainedTowers Mt5(ConfigurationReader config) =>
        Read(config, layers: 8, heads: 6, width: 512, mlpWidth: 1024, vocabulary: 250112, feedForward: "gated-gelu");

    private static PretrainedTowers Read(
        ConfigurationReader config,
        int layers,
        int heads,
        int width,
        int mlpWidth,
        int vocabulary,
        string feedForward
    )
    {
        var kind = config.Text("feed_forward_proj", feedForward);
        var gated = kind.StartsWith(GatePrefix, StringComparison.Ordinal);
        var activation = gated ? kind[GatePrefix.Length..] : kind;
        var options = config.Checked(() =>
        {
            var read = new T5Options
            {
                Width = config.Integer("d_model", width),
                Layers = config.Integer("num_layers", layers),
                Heads = config.Integer("num_heads", heads),
                HeadWidth = config.Integer("d_kv", 64),
                MlpWidth = config.Integer("d_ff", mlpWidth),
                Gated = gated,

                // The gated kind means the tanh form where it says gelu; the plain one means what it says.
                Activation =
                    gated && string.Equals(activation, "gelu", StringComparison.Ordinal)
                        ? Activation.GeluTanh
                        : PublishedActivation.Parse(activation),
                Buckets = config.Integer("relative_attention_num_buckets", 32),
                MaximumDistance = config.Integer("relative_attention_max_distance", 128),
                NormEpsilon = config.Number("layer_norm_epsilon", 1e-6),
                Dropout = config.Number("dropout_rate", 0.1),
            };
            read.Validate();
            return read;
        });
        return new(TowerKind.T5)
        {
            T5 = options,
            Tokenizer = Unigram.T5KindName,
            VocabularySize = config.Integer("vocab_size", vocabulary),
        };
    }
}
