// Reading optional settings of a fixture's configuration.
using System.Text.Json;

namespace Duet.Tests.Parity;

internal static class JsonOptions
{
    public static long Long(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static long? OptionalLong(this JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    public static bool Flag(this JsonElement element, string name, bool otherwise)
        => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    public static string Text(this JsonElement element, string name, string otherwise)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    /// <summary>A list of integers, or one integer as a list of one.</summary>
    public static long[] Longs(this JsonElement element, string name)
    {
        var value = element.GetProperty(name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetInt64())] : [value.GetInt64()];
    }
}
