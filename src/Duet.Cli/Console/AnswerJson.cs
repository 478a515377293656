// One product's answers for machines.
using System.Text.Encodings.Web;
using System.Text.Json;
using Duet.Inference;

namespace Duet.Cli.Console;

/// <summary>Writes a classification as JSON.</summary>
internal static class AnswerJson
{
    /// <summary>Text in a terminal or a file, not in a web page: letters of all scripts stay as they are.</summary>
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    /// <summary>A classification as JSON, see <see cref="ClassificationJson"/>.</summary>
    public static string Of(Classification answers) => ClassificationJson.Of(answers).ToJsonString(Options);
}
