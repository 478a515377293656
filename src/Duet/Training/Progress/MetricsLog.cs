// metrics.jsonl: one line per epoch.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Duet.Training;

/// <summary>The log of a run's epochs. A resumed run cuts off what came after its checkpoint, so that no epoch is in it twice.</summary>
internal sealed class MetricsLog(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Adds an epoch.</summary>
    /// <returns>The file's length in bytes with it.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public long Append(EpochReport report)
    {
        File.AppendAllText(path, JsonSerializer.Serialize(report, Json) + "\n");
        return new FileInfo(path).Length;
    }

    /// <summary>All epochs, in order.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">A line is not an epoch.</exception>
    public IEnumerable<EpochReport> Read() => File.ReadLines(path).Select(line => JsonSerializer.Deserialize<EpochReport>(line, Json)!);

    /// <summary>Cuts the file to a length that <see cref="Append"/> gave; 0 starts again.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void CutTo(long length)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.SetLength(Math.Min(file.Length, length));
    }
}
