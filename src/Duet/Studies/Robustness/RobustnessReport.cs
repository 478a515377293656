// The outcome of a sweep, and its file in the run folder.
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Runs;
using Duet.Torch.Safetensors;

namespace Duet.Studies.Robustness;

/// <summary>Accuracy and picture shares under every corruption; <c>robustness.json</c> in the run folder holds it in snake_case.</summary>
public sealed record RobustnessReport
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "robustness.json";

    /// <summary>The version of the file that this Duet writes and reads.</summary>
    public const int CurrentVersion = 1;

    private const long MaxBytes = 16 << 20;

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

    /// <summary>The words of the command line that name the table as it was read (<c>--data</c>, its columns, its limits), for making the
    /// sweep again; empty in older files.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether all corruptions that were asked for are in it; an interrupted sweep continues with the others.</summary>
    public bool Complete { get; init; }

    /// <summary>The products as they are.</summary>
    public required RobustnessPoint Clean { get; init; }

    /// <summary>One curve per corruption.</summary>
    public IReadOnlyList<RobustnessCurve> Curves { get; init; } = [];

    /// <summary>The report of a run folder; null where it has none.</summary>
    /// <exception cref="RunException">The file cannot be read, is damaged, too large or of a newer Duet; the message names it.</exception>
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
            var length = new FileInfo(path).Length;
            var report =
                length > MaxBytes
                    ? throw new JsonException($"it has {length} bytes, a robustness report has at most {MaxBytes}.")
                    : FromJson(File.ReadAllText(path));
            return report.FormatVersion == CurrentVersion
                ? report
                : throw new RunException(
                    $"{path} has format version {report.FormatVersion}; this Duet reads version {CurrentVersion}. Use a newer Duet, "
                        + $"or remove the file and run `duet robustness` again."
                );
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path} is damaged or cannot be read ({e.Message}); remove it and run `duet robustness` again.", e);
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not such a report, a part of it is missing, or a figure is out of its range.</exception>
    public static RobustnessReport FromJson(string json)
    {
        var report =
            JsonSerializer.Deserialize<RobustnessReport>(json, Json)
            ?? throw new JsonException("The text is 'null', not a robustness report.");

        // Another version may hold anything else; the loader reports it.
        if (report.FormatVersion == CurrentVersion)
        {
            Check(report);
        }

        return report;
    }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes the file of a run folder, in one step.</summary>
    /// <exception cref="IOException">Writing failed; an older file is as it was.</exception>
    public void Save(string runFolder) => AtomicFile.WriteText(Path.Combine(runFolder, FileName), ToJson() + "\n");

    // A file of others may hold anything that is JSON of the right shape.
    private static void Check(RobustnessReport report)
    {
        Require(
            report
                is {
                    Model: not null,
                    Source: { Weights: not null, Table: not null, TableHash: not null, Columns: not null, Settings: not null },
                    Clean: not null,
                    Curves: not null,
                    Arguments: not null
                },
            "its model, source, arguments, clean figures or curves are null"
        );
        Check(report.Clean, "the clean products", report.Clean);
        foreach (var curve in report.Curves)
        {
            Require(
                curve is { Corruption: not null, Modality: not null, Unit: not null, Points.Count: > 0 },
                "a curve is null, has no name or has no points"
            );
            foreach (var point in curve.Points)
            {
                Check(point, curve.Corruption, report.Clean);
                Require(point.Strength is { } strength && double.IsFinite(strength), $"a point of {curve.Corruption} has no strength");
            }
        }
    }

    private static void Check(RobustnessPoint point, string where, RobustnessPoint clean)
    {
        Require(
            point is { N: >= 0, Tasks: not null } && point.Tasks.Values.All(task => task is { N: >= 0 }),
            $"a point or a task of {where} is null, or counts fewer than 0 products"
        );
        Require(
            point.Tasks.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(clean.Tasks.Keys),
            $"a point of {where} has other tasks than the clean products"
        );
        Require(
            point
                .Tasks.Values.SelectMany(task => (double?[])[task.Accuracy, task.ImageShare])
                .All(value => value is null or (>= 0 and <= 1)),
            $"an accuracy or a picture share of {where} is not between 0 and 1"
        );
    }

    private static void Require([DoesNotReturnIf(false)] bool valid, string problem)
    {
        if (!valid)
        {
            throw new JsonException(problem + ".");
        }
    }

    /// <summary>The report as texts: the header, then the clean products, then a row per corruption and strength.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ToRows() => RobustnessText.Rows(this);

    /// <summary>The report as Markdown tables: accuracy and change of the picture's share per corruption and strength.</summary>
    public string ToMarkdown() => RobustnessText.Markdown(this);
}

/// <summary>How good a task is, and what it relies on.</summary>
/// <param name="N">Labelled products.</param>
/// <param name="Accuracy">Right / labelled (multi-label: every class right); null where no product is labelled.</param>
/// <param name="ImageShare">The mean weight of the picture, 0 to 1; null if the system does not say.</param>
public sealed record RobustnessFigures(
    int N,
    double? Accuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ImageShare
);

/// <summary>A curve from mild to strong.</summary>
/// <param name="Corruption">The corruption's name, see <see cref="Robustness.Corruption.Name"/>.</param>
/// <param name="Modality"><c>image</c> or <c>text</c>: what is damaged.</param>
/// <param name="Unit">What the strengths measure.</param>
/// <param name="Points">The measurements, mild to strong.</param>
public sealed record RobustnessCurve(string Corruption, string Modality, string Unit, IReadOnlyList<RobustnessPoint> Points);

/// <summary>One measurement.</summary>
public sealed record RobustnessPoint
{
    /// <summary>The strength, in the curve's unit; null for the clean products.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Strength { get; init; }

    /// <summary>Products that were measured.</summary>
    public required int N { get; init; }

    /// <summary>The figures by task name.</summary>
    public required IReadOnlyDictionary<string, RobustnessFigures> Tasks { get; init; }

    /// <summary>The mean accuracy over the tasks with labels; null where none has any.</summary>
    public double? MeanAccuracy => Tasks.Values.Average(task => task.Accuracy);

    /// <summary>The mean picture share over tasks; null if the system does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeanImageShare => Tasks.Values.Average(task => task.ImageShare);
}
