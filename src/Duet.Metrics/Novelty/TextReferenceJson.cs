// A text reference in a file: its counts.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Duet.Metrics.Novelty;

/// <summary><c>{"tokens": [[id, count], ...], "pairs": [[first, second, count], ...]}</c> on one line.</summary>
internal sealed class TextReferenceJson : JsonConverter<TextReference>
{
    /// <inheritdoc/>
    public override TextReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var counts = JsonSerializer.Deserialize<Counts>(ref reader, JsonSerializerOptions.Web);
        return
            counts is { Tokens: { } tokens, Pairs: { } pairs }
            && tokens.All(token => token is [_, > 0])
            && pairs.All(pair => pair is [_, _, > 0])
            ? TextReference.Of(tokens.Select(token => (token[0], token[1])), pairs.Select(pair => (pair[0], pair[1], pair[2])))
            : throw new JsonException("The counts of the text reference are damaged.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TextReference value, JsonSerializerOptions options)
    {
        var counts = new Counts(
            [.. value.Tokens.Select(token => (int[])[token.Token, token.Count])],
            [.. value.Pairs.Select(pair => (int[])[pair.First, pair.Second, pair.Count])]
        );
        writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(counts, JsonSerializerOptions.Web));
    }

    private sealed record Counts(int[][] Tokens, int[][] Pairs);
}
