// What a run folder holds, as JSON for programs.
using System.Text.Json;
using System.Text.Json.Nodes;
using Duet.Cli.Settings;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Runs;

namespace Duet.Cli.Console;

/// <summary>Writes a run's summary as JSON: all settings, all classes, every epoch.</summary>
internal static class SummaryJson
{
    /// <summary>The summary as one object.</summary>
    public static JsonObject Of(RunSummary summary)
    {
        var all = new JsonObject();
        foreach (var setting in Recipe.All(summary.Configuration))
        {
            all[setting.Name] = setting.Value;
        }

        return new JsonObject
        {
            ["run"] = summary.Folder.Path,
            ["model"] = summary.Configuration.Model,
            ["title"] = summary.System.Title,
            ["preset"] = summary.Configuration.Preset,
            ["source"] = summary.System.Source,
            ["parameters"] = summary.Parameters,
            ["weights_bytes"] = summary.WeightsBytes,
            ["tokenizer"] = summary.Tokenizer,
            ["vocabulary_size"] = summary.VocabularySize,
            ["complete"] = summary.AllEpochsDone,
            ["import"] = JsonSerializer.SerializeToNode(summary.Import, AnswerJson.Options),
            ["training_seconds"] = summary.TrainingTime.TotalSeconds,
            ["best"] = JsonSerializer.SerializeToNode(summary.Best, AnswerJson.Options),
            ["epochs"] = JsonSerializer.SerializeToNode(summary.Epochs, AnswerJson.Options),
            ["tasks"] = new JsonArray([
                .. summary.Schema.Tasks.Select(
                    JsonNode (task) =>
                        new JsonObject
                        {
                            ["name"] = task.Name,
                            ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(task.Kind.ToString()),
                            ["column"] = task.Column,
                            ["classes"] = new JsonArray([.. task.Classes.Select(JsonNode (label) => JsonValue.Create(label))]),
                        }
                ),
            ]),
            ["calibration"] = summary.Calibration is { } calibration ? JsonNode.Parse(CalibrationFile.ToJson(calibration)) : null,
            ["calibration_problem"] = summary.CalibrationProblem,
            ["settings"] = all,
        };
    }
}
