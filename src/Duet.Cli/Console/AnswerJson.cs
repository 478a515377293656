// One product's answers for machines.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Data;
using Duet.Inference;

namespace Duet.Cli.Console;

/// <summary>Writes a classification as JSON.</summary>
internal static class AnswerJson
{
    /// <summary>Text in a terminal or a file, not in a web page: letters of all scripts stay as they are.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// <c>{"tasks": {"category": {"label": ..., "probability": ..., "image_share": ..., "text_share": ..., "top_five": [{"label": ..., "probability": ...}]}}}</c>;
    /// a multi-label task has the classes that are given under <c>labels</c> as well, a calibrated run <c>"decision": "accepted"</c> or <c>"review"</c>.
    /// </summary>
    public static string Of(Classification answers)
    {
        var tasks = new JsonObject();
        foreach (var answer in answers.Tasks)
        {
            var task = new JsonObject { ["label"] = answer.Label, ["probability"] = answer.Probability };
            if (answer.Kind == TaskKind.MultiLabel)
            {
                task["labels"] = List(answer.Given);
            }

            if (answer.Accepted is { } accepted)
            {
                task["decision"] = accepted ? Predictor.AcceptedDecision : Predictor.ReviewDecision;
            }

            if (answer.Path is { } path)
            {
                task["path"] = path;
                task["ancestor"] = answer.Ancestor is { } ancestor ? new JsonObject { ["path"] = ancestor.Label, ["probability"] = ancestor.Probability } : null;
            }

            task["image_share"] = answer.ImageShare;
            task["text_share"] = answer.TextShare;
            task["top_five"] = List(answer.TopFive);
            tasks[answer.Task] = task;
        }

        return new JsonObject { ["tasks"] = tasks, ["text_truncated"] = answers.TextTruncated }.ToJsonString(Options);
    }

    private static JsonArray List(IEnumerable<LabelProbability> labels)
        => [.. labels.Select(JsonNode (label) => new JsonObject { ["label"] = label.Label, ["probability"] = label.Probability })];
}
