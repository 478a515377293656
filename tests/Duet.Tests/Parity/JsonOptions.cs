// Reading optional settings of a fixture's configuration.
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Duet.Tests.Parity;

internal static class JsonOptions
{
    private const string ActivationName = "hidden_act";
    private const string EpsilonName = "layer_norm_eps";

    public static long Long(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static long? OptionalLong(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    public static bool Flag(this JsonElement element, string name, bool otherwise) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : otherwise;

    public static string Text(this JsonElement element, string name, string otherwise) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    /// <summary>A list of integers, or one integer as a list of one.</summary>
    public static long[] Longs(this JsonElement element, string name)
    {
        var value = element.GetProperty(name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetInt64())] : [value.GetInt64()];
    }

    /// <summary>
    /// A block of the configuration with the activation and the norms' epsilon that stand beside it, unless it has its own. Beside it they
    /// may be said in words (<c>gelu (erf)</c>), and apart for each library.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="block">The block's name.</param>
    /// <param name="library">The library whose epsilon is meant, where the configuration tells several.</param>
    public static JsonElement Block(this JsonElement config, string block, string? library = null)
    {
        var merged = JsonNode.Parse(config.GetProperty(block).GetRawText())!.AsObject();
        if (!merged.ContainsKey(ActivationName) && config.TryGetProperty(ActivationName, out var words))
        {
            merged[ActivationName] = NameOf(words.GetString()!);
        }

        if (!merged.ContainsKey(EpsilonName) && config.TryGetProperty(EpsilonName, out var epsilon))
        {
            merged[EpsilonName] = (epsilon.ValueKind == JsonValueKind.Object ? epsilon.GetProperty(library!) : epsilon).GetDouble();
        }

        return JsonSerializer.SerializeToElement(merged);
    }

    /// <summary>The published name of an activation that is described in words, which begin with it.</summary>
    public static string NameOf(string words)
    {
        var first = new string([.. words.ToLowerInvariant().TakeWhile(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')]);
        var tanh = words.Contains("tanh", StringComparison.OrdinalIgnoreCase) || words.Contains("gelu_new", StringComparison.Ordinal);
        return first switch
        {
            "gelu" when tanh => "gelu_new",
            "quickgelu" => "quick_gelu",
            _ => first,
        };
    }
}
