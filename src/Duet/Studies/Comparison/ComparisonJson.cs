// How a comparison's files are written.
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Duet.Studies.Comparison;

/// <summary>The JSON of a comparison: snake_case, indented, letters as they are.</summary>
internal static class ComparisonJson
{
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NewLine = "\n",
            RespectNullableAnnotations = true,
        };
}
