// The table of a comparison, in three formats.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Torch.Safetensors;

namespace Duet.Studies.Comparison;

/// <summary>One row per system; one column per task.</summary>
public sealed record ComparisonTable
{
    /// <summary>The split the figures are from.</summary>
    public required string Split { get; init; }

    /// <summary>The time budget of a run in minutes; null where every recipe had its own epochs.</summary>
    public double? Minutes { get; init; }

    /// <summary>The seeds.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>The tasks, in the order of the columns.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The systems.</summary>
    public required IReadOnlyList<ComparisonRow> Systems { get; init; }

    /// <summary>The words after <c>duet</c> of the command that last continued the comparison, as it was typed; null where there was
    /// none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not such a table.</exception>
    public static ComparisonTable FromJson(string json) =>
        JsonSerializer.Deserialize<ComparisonTable>(json, ComparisonJson.Options)
        ?? throw new JsonException("The text is 'null', not a comparison.");

    /// <summary>The table as JSON, every run included.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ComparisonJson.Options);

    /// <summary>The table as texts: the header, then a row per system; the run folder comes last.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ToRows() => ComparisonText.Rows(this);

    /// <summary>How to read the table, and what failed.</summary>
    public string ToNotes() => ComparisonText.Notes(this);

    /// <summary>The table as Markdown.</summary>
    public string ToMarkdown() => ComparisonText.Markdown(this);

    /// <summary>Writes <c>comparison.md</c>, <c>comparison.csv</c> and <c>comparison.json</c>, each in one step.</summary>
    /// <exception cref="IOException">Writing failed; the older file is as it was.</exception>
    public void Save(string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, "comparison.md"), ToMarkdown());
        AtomicFile.Write(Path.Combine(folder, "comparison.csv"), stream => ComparisonText.WriteCsv(this, stream));
        AtomicFile.WriteText(Path.Combine(folder, "comparison.json"), ToJson() + "\n");
    }
}

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
