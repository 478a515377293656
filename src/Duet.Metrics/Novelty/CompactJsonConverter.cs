// Thousands of numbers on one line of an indented file.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Duet.Metrics.Novelty;

/// <summary>Writes a value without line breaks, whatever is around it.</summary>
internal sealed class CompactJsonConverter<T> : JsonConverter<T>
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <inheritdoc/>
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<T>(ref reader, Compact);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(value, Compact));
}
