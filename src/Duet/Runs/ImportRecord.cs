// Where an imported run's weights come from: import.json.
using System.Text.Json;
using System.Text.Json.Serialization;
using Duet.Models.Pretrained;
using Duet.Torch.Safetensors;

namespace Duet.Runs;

/// <summary>What an import took from its source, kept with the run.</summary>
public sealed record ImportRecord
{
    private const long MaxBytes = 16 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>The source as it was named.</summary>
    public required string Source { get; init; }

    /// <summary>Whose names and configuration it follows.</summary>
    public required PretrainedFormat Format { get; init; }

    /// <summary>The run's tensors that have published values.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>The run's tensors that the source has not: they are as they were made.</summary>
    public required IReadOnlyList<string> New { get; init; }

    /// <summary>Published tensors that were left out on purpose, each with the reason.</summary>
    public required IReadOnlyDictionary<string, string> Ignored { get; init; }

    /// <summary>Published tensors of towers that the run does not have.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>What was changed on the way: resized positions, converted types.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The record of a report.</summary>
    public static ImportRecord Of(PretrainedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ImportRecord
        {
            Source = report.Source,
            Format = report.Format,
            Loaded = report.Loaded,
            New = report.New,
            Ignored = report.Ignored.ToDictionary(ignored => ignored.Key, ignored => ignored.Value, StringComparer.Ordinal),
            Unused = report.Unused,
            Notes = report.Notes,
        };
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="RunException">The file is damaged; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImportRecord Load(string path)
    {
        if (new FileInfo(path).Length is > MaxBytes and var length)
        {
            throw new RunException($"{path} has {length} bytes; an import's record has at most {MaxBytes}.");
        }

        try
        {
            return JsonSerializer.Deserialize<ImportRecord>(File.ReadAllBytes(path), Json) ?? throw new RunException($"{path} is empty.");
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Writes the record (temporary file, then rename).</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, Json));
}
