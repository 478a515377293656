// What a job over a table could not use, by kind; of training it is kept in the run folder as losses.json.
using System.Text.Json;

namespace Duet.Data;

/// <summary>
/// What a job could not use. An empty cell is not a loss: it is a product without that part. A path that leads nowhere, a refused or broken
/// picture, and a row that cannot be read are.
/// </summary>
/// <param name="Rows">The table's rows. A text that cannot be read costs its row, and so does a lost picture where there is no
/// text.</param>
/// <param name="Pictures">The pictures that cells name and that were looked at. A named placeholder counts as an empty cell.</param>
public sealed record Losses(LossCount Rows, LossCount Pictures)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Nothing was lost.</summary>
    public static Losses None { get; } = new(default(LossCount), default);

    /// <summary>Whether anything was lost.</summary>
    public bool Any => Rows.Lost + Pictures.Lost > 0;

    /// <summary>Writes them as JSON (temporary file, then rename).</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(new { Rows, Pictures }, Json) + "\n");

    /// <summary>Reads what <see cref="Save"/> wrote; <see cref="None"/> where there is no such file, as in runs that are older than
    /// it.</summary>
    /// <exception cref="TableException">The file is damaged.</exception>
    public static Losses Load(string path)
    {
        if (!File.Exists(path))
        {
            return None;
        }

        try
        {
            return
                JsonSerializer.Deserialize<Losses>(File.ReadAllText(path), Json) is { Rows: var rows, Pictures: var pictures }
                && IsCount(rows)
                && IsCount(pictures)
                ? new Losses(rows, pictures)
                : throw new JsonException("counts are missing, or more is lost than there was");
        }
        catch (JsonException e)
        {
            throw new TableException($"{path} is damaged ({e.Message}). Remove it: nothing then counts as lost in training.", e)
            {
                File = path,
            };
        }
    }

    private static bool IsCount(LossCount count) => count.Lost >= 0 && count.Lost <= count.Seen;
}
