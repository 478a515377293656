// The outcome of a sweep, and its file in the run folder.
using System.Text.Encodings.Web;
using System.Text.Json;
using Duet.Runs;
using Duet.Torch.Safetensors;

namespace Duet.Evaluation.Robustness;

/// <summary>Accuracy and picture shares under every corruption; <c>robustness.json</c> in the run folder holds it in snake_case.</summary>
public sealed record RobustnessReport
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "robustness.json";

    /// <summary>The version of the file that this Duet writes and reads.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>The file's version.</summary>
    public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>The system, for instance <c>cma-clip</c>.</summary>
    public required string Model { get; init; }

    /// <summary>What was measured on what.</summary>
    public required RobustnessSource Source { get; init; }

    /// <summary>Whether all corruptions that were asked for are in it; an interrupted sweep goes on with the others.</summary>
    public bool Complete { get; init; }

    /// <summary>The products as they are.</summary>
    public required RobustnessPoint Clean { get; init; }

    /// <summary>One curve per corruption.</summary>
    public IReadOnlyList<RobustnessCurve> Curves { get; init; } = [];

    /// <summary>The report of a run folder; null where it has none.</summary>
    /// <exception cref="RunException">The file is damaged or of a newer Duet.</exception>
    public static RobustnessReport? Load(string runFolder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runFolder);
        var path = Path.Combine(runFolder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var report = FromJson(File.ReadAllText(path));
            return report.FormatVersion == CurrentVersion
                ? report
                : throw new RunException($"{path} has format version {report.FormatVersion}; this Duet reads version {CurrentVersion}. Use a newer Duet, or remove the file and run `duet robustness` again.");
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} is damaged ({e.Message}); remove it and run `duet robustness` again.", e);
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no such report.</exception>
    public static RobustnessReport FromJson(string json) =>
        JsonSerializer.Deserialize<RobustnessReport>(json, Json) ?? throw new JsonException("The text is 'null', not a robustness report.");

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes the file of a run folder, in one step.</summary>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public void Save(string runFolder) => AtomicFile.WriteText(Path.Combine(runFolder, FileName), ToJson() + "\n");

    /// <summary>The report as Markdown tables: accuracy and change of the picture's share per corruption and strength.</summary>
    public string ToMarkdown() => RobustnessText.Markdown(this);
}
