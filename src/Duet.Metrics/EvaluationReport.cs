// The report of an evaluation, and its JSON form.
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Metrics.Hierarchy;
using Duet.Metrics.Novelty;
using Duet.Metrics.Slices;

namespace Duet.Metrics;

/// <summary>All tasks of one evaluation. As JSON its names are in snake_case: <c>{"tasks": {"category": {"n": ..., "accuracy": ...}}, "n":
/// ..., "quarantined": ...}</c>.</summary>
public sealed record EvaluationReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>The figures by task name.</summary>
    public required IReadOnlyDictionary<string, TaskMetrics> Tasks { get; init; }

    /// <summary>Rows that were evaluated.</summary>
    public required int N { get; init; }

    /// <summary>Entries of the quarantine list: rows that were left out, and pictures that could not be used.</summary>
    public required int Quarantined { get; init; }

    /// <summary>The mean accuracy over the tasks that have labelled rows; null where none has.</summary>
    public double? MeanAccuracy => Tasks.Values.Any(task => task.Accuracy is not null) ? Tasks.Values.Average(task => task.Accuracy) : null;

    /// <summary>The tasks that have labelled rows, over which <see cref="MeanAccuracy"/> is the mean.</summary>
    public int MeasuredTasks => Tasks.Values.Count(task => task.Accuracy is not null);

    /// <summary>The split that was evaluated, or null for the whole table.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Split { get; init; }

    /// <summary>Texts that were longer than the model's context.</summary>
    public int TruncatedTexts { get; init; }

    /// <summary>By task name what a calibrated run's thresholds accept and how often rightly; null where the run is not
    /// calibrated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, DecisionFigures>? Decisions { get; init; }

    /// <summary>By input pattern how many rows are unlike the catalogue, beside what was certified; null where the run is not
    /// calibrated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, NoveltyFigures>? Novelty { get; init; }

    /// <summary>By task name the figures in its taxonomy; null where no task has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, HierarchicalFigures>? Hierarchy { get; init; }

    /// <summary>By column the figures of its slices; null where none was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ColumnSlices>? Slices { get; init; }

    /// <summary>The run against another on the same rows; null where none was named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PairedEvaluation? Against { get; init; }

    /// <summary>Evaluates every task.</summary>
    /// <param name="tasks">Predictions and labels, unique in name.</param>
    /// <param name="rows">Rows that were evaluated.</param>
    /// <param name="quarantined">Rows and pictures that were set aside.</param>
    /// <param name="options">The choices; the defaults where null.</param>
    /// <param name="unseenLabels">By task, how many rows have a label that the model does not know.</param>
    /// <exception cref="ArgumentException">Two tasks share a name.</exception>
    public static EvaluationReport Of(
        IEnumerable<TaskPredictions> tasks,
        int rows,
        int quarantined,
        EvaluationOptions? options = null,
        IReadOnlyDictionary<string, int>? unseenLabels = null
    )
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return new EvaluationReport
        {
            Tasks = tasks.ToDictionary(
                task => task.Name,
                task =>
                    TaskEvaluator.Evaluate(
                        task,
                        options,
                        unseenLabels is not null && unseenLabels.TryGetValue(task.Name, out var count) ? count : 0
                    ),
                StringComparer.Ordinal
            ),
            N = rows,
            Quarantined = quarantined,
        };
    }

    /// <summary>The same with the commonest labels that the model does not know named.</summary>
    internal EvaluationReport Naming(TaskSchema schema, UnseenLabels unseen) =>
        this with
        {
            Tasks = Tasks.ToDictionary(
                task => task.Key,
                task =>
                    task.Value.UnseenLabels == 0
                        ? task.Value
                        : task.Value with
                        {
                            Unseen = UnseenLabel.Commonest(schema.Tasks[schema.IndexOf(task.Key)], unseen),
                        },
                StringComparer.Ordinal
            ),
        };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not such a report.</exception>
    public static EvaluationReport FromJson(string json) =>
        JsonSerializer.Deserialize<EvaluationReport>(json, Json)
        ?? throw new JsonException("The text is 'null', not an evaluation report.");

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes the JSON to a file, in one step.</summary>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToJson() + "\n");
}
