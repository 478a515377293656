// One run of a comparison: what came of it.
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Runs;
using Duet.Torch.Safetensors;

namespace Duet.Studies.Comparison;

/// <summary>A system trained with one seed and evaluated. When it is done it is in the run folder as <c>comparison.json</c>.</summary>
public sealed record ComparedRun
{
    private const string FileName = "comparison.json";
    private const long MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = ComparisonJson.Options;

    /// <summary>The system's label.</summary>
    public required string System { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The run folder, relative to that of the comparison.</summary>
    public required string Folder { get; init; }

    /// <summary>Accuracy (single-label) or micro F1 (multi-label) per task that has labelled rows in the split.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The mean of <see cref="Scores"/>; null where there are none.</summary>
    [JsonIgnore]
    public double? Mean => Scores.Count > 0 ? Scores.Values.Average() : null;

    /// <summary>The model's trainable parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>Products trained per second: the median over the epochs of training on the tasks.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>Passes over the training split, as configured.</summary>
    public int Epochs { get; init; }

    /// <summary>The epoch whose weights were evaluated.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Why the run failed; null where it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Reads the outcome from a run folder; null where the run is not done.</summary>
    /// <exception cref="RunException">The file is damaged.</exception>
    internal static ComparedRun? Load(string runFolder)
    {
        var path = Path.Combine(runFolder, FileName);
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? null
                : file.Length > MaxBytes
                    ? throw new RunException($"{path} has {file.Length} bytes; the outcome of a run has at most {MaxBytes}.")
                : JsonSerializer.Deserialize<ComparedRun>(File.ReadAllText(path), Json)
                    ?? throw new RunException($"{path} holds no outcome; delete it to evaluate the run again.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path} cannot be read ({e.Message}); delete it to evaluate the run again.", e);
        }
    }

    /// <summary>Writes the outcome into a run folder: from now on the run is done.</summary>
    internal void Save(string runFolder) =>
        AtomicFile.WriteText(Path.Combine(runFolder, FileName), JsonSerializer.Serialize(this, Json) + "\n");
}
