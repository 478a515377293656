// Reads BERT's shape from a published config.json.
using System.Text.Json;
using Duet.Models.Encoders;
using Duet.Torch;

namespace Duet.Models.Pretrained;

/// <summary>Reads the <c>config.json</c> of Hugging Face's BERT (also pytorch_pretrained_bert's <c>bert_config.json</c> and
/// EasyTransfer's).</summary>
public static class BertConfiguration
{
    /// <summary>The shape a configuration describes. What it does not say is as in <paramref name="defaults"/>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="defaults">The code base's own defaults; null for Hugging Face's, whose padding token is 0.</param>
    /// <exception cref="OptionException">An entry is missing, of the wrong kind, or out of its range.</exception>
    public static BertOptions Read(JsonElement config, BertOptions? defaults = null)
    {
        var start = defaults ?? BertOptions.Base() with { PaddingToken = 0 };
        var options = new BertOptions(
            Integer(config, "vocab_size"),
            Integer(config, "hidden_size"),
            Integer(config, "num_hidden_layers"),
            Integer(config, "num_attention_heads"),
            Integer(config, "intermediate_size")
        )
        {
            MaximumLength = Integer(config, "max_position_embeddings", start.MaximumLength),
            SegmentCount = Integer(config, "type_vocab_size", start.SegmentCount),
            Activation = config.TryGetProperty("hidden_act", out var name) ? ActivationOf(name) : start.Activation,
            NormEpsilon = Number(config, "layer_norm_eps", start.NormEpsilon),
            Dropout = Number(config, "hidden_dropout_prob", start.Dropout),
            AttentionDropout = Number(config, "attention_probs_dropout_prob", start.AttentionDropout),
            PaddingToken = Padding(config, start.PaddingToken),
        };
        options.Validate();
        return options;
    }

    private static int? Padding(JsonElement config, int? otherwise)
    {
        if (!config.TryGetProperty("pad_token_id", out var entry))
        {
            return otherwise;
        }

        return entry.ValueKind == JsonValueKind.Null ? null : Integer(config, "pad_token_id");
    }

    private static Activation ActivationOf(JsonElement name) =>
        name.ValueKind == JsonValueKind.String
            ? PublishedActivation.Parse(name.GetString()!)
            : throw new OptionException($"config.json: hidden_act is {name.ValueKind}, not a name.");

    private static int Integer(JsonElement config, string name, int? otherwise = null)
    {
        if (config.TryGetProperty(name, out var entry))
        {
            return entry.ValueKind == JsonValueKind.Number && entry.TryGetInt32(out var value)
                ? value
                : throw new OptionException($"config.json: {name} is {entry.GetRawText()}, not a whole number.");
        }

        return otherwise ?? throw new OptionException($"config.json has no {name}; a BERT configuration needs it.");
    }

    private static double Number(JsonElement config, string name, double otherwise)
    {
        if (!config.TryGetProperty(name, out var entry))
        {
            return otherwise;
        }

        return entry.ValueKind == JsonValueKind.Number
            ? entry.GetDouble()
            : throw new OptionException($"config.json: {name} is {entry.GetRawText()}, not a number.");
    }
}
