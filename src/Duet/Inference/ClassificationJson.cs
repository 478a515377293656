// A product's answers for machines: what `predict --json` shows and what a line of predict's .jsonl holds.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Data;

namespace Duet.Inference;

/// <summary>Writes a classification as JSON.</summary>
public static class ClassificationJson
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// <c>{"tasks": {"category": {"label": ..., "probability": ..., "image_share": ..., "text_share": ..., "top_five": [{"label": ...,
    /// "probability": ...}]}}}</c>; a multi-label task has the classes that are given under <c>labels</c> as well, a calibrated run
    /// <c>"decision": "accepted"</c> or <c>"review"</c> with its <c>reason</c>, and beside the tasks the <c>inputs</c> that the model saw
    /// and the product's <c>novelty</c>.
    /// </summary>
    public static JsonObject Of(Classification answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var tasks = new JsonObject();
        foreach (var answer in answers.Tasks)
        {
            var task = new JsonObject { ["label"] = answer.Label, ["probability"] = answer.Probability };
            if (answer.Kind == TaskKind.MultiLabel)
            {
                task["labels"] = List(answer.Given);
            }

            if (answer.Decision is { } decision)
            {
                task["decision"] = decision.Accepted ? Predictor.AcceptedDecision : Predictor.ReviewDecision;
                task["reason"] = decision.Reason;
            }

            if (answer.Path is { } path)
            {
                task["path"] = path;
                task["ancestor"] = answer.Ancestor is { } ancestor
                    ? new JsonObject { ["path"] = ancestor.Label, ["probability"] = ancestor.Probability }
                    : null;
            }

            task["image_share"] = answer.ImageShare;
            task["text_share"] = answer.TextShare;
            task["top_five"] = List(answer.TopFive);
            tasks[answer.Task] = task;
        }

        var product = new JsonObject { ["tasks"] = tasks, ["text_truncated"] = answers.TextTruncated };
        if (answers.Inputs is { } inputs)
        {
            product["inputs"] = inputs;
            product["novelty"] = answers.Novelty is { } novelty
                ? new JsonObject
                {
                    ["score"] = novelty.Score,
                    ["limit"] = novelty.Limit,
                    ["part"] = novelty.Part,
                }
                : null;
        }

        return product;
    }

    /// <summary>The same in one line, with the product's id before it; letters of all scripts stay as they are.</summary>
    internal static string Line(string id, Classification answers)
    {
        var line = Of(answers);
        line.Insert(0, "id", id);
        return line.ToJsonString(OneLine);
    }

    private static JsonArray List(IEnumerable<LabelProbability> labels) =>
        [.. labels.Select(JsonNode (label) => new JsonObject { ["label"] = label.Label, ["probability"] = label.Probability })];
}
