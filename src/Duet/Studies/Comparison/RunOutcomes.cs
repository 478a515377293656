// What a run said right, row by row: what two systems are compared on.
using System.Text.Json;
using Duet.Metrics;
using Duet.Runs;
using Duet.Torch.Safetensors;

namespace Duet.Studies.Comparison;

/// <summary>
/// The outcome of every evaluated row, per task, so that two runs can be compared on the same rows. It is in the run folder as
/// <c>outcomes.json</c>.
/// </summary>
public sealed record RunOutcomes
{
    private const string FileName = "outcomes.json";
    private const long MaxBytes = 1L << 30;

    private static readonly JsonSerializerOptions Json = new(ComparisonJson.Options) { WriteIndented = false };

    /// <summary>The ids of the rows.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>Per task the outcomes of the rows, in the order of <see cref="Ids"/>.</summary>
    public required IReadOnlyDictionary<string, TaskOutcomes> Tasks { get; init; }

    /// <summary>The outcomes of an evaluation.</summary>
    public static RunOutcomes Of(IReadOnlyList<string> ids, IReadOnlyList<TaskPredictions> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return new RunOutcomes { Ids = ids, Tasks = predictions.ToDictionary(task => task.Name, TaskOutcomes.Of, StringComparer.Ordinal) };
    }

    /// <summary>Reads the outcomes of a run; null where it has none.</summary>
    /// <exception cref="RunException">The file is damaged.</exception>
    public static RunOutcomes? Load(string runFolder)
    {
        var path = Path.Combine(runFolder, FileName);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return null;
            }

            var outcomes =
                file.Length > MaxBytes
                    ? throw new RunException($"{path} has {file.Length} bytes; the outcomes of a run have at most {MaxBytes}.")
                    : JsonSerializer.Deserialize<RunOutcomes>(File.ReadAllText(path), Json);
            return
                outcomes is not null
                && outcomes.Tasks.Values.All(task => task.Right.Count == outcomes.Ids.Count && task.Total.Count == outcomes.Ids.Count)
                ? outcomes
                : throw new RunException($"{path} does not have an outcome for each of its rows; evaluate the run again.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path} cannot be read ({e.Message}); evaluate the run again.", e);
        }
    }

    /// <summary>Writes the outcomes into a run folder, in one step.</summary>
    /// <exception cref="IOException">Writing failed.</exception>
    public void Save(string runFolder) =>
        AtomicFile.WriteText(Path.Combine(runFolder, FileName), JsonSerializer.Serialize(this, Json) + "\n");
}
