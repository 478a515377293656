// Reads and writes the JSON files of a run folder that say what a model's outputs mean.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Duet.Data;

/// <summary>Files such as <c>labels.json</c> and <c>features.json</c>: a format version and a list.</summary>
internal static class SchemaFile
{
    /// <summary>The format that is written and read.</summary>
    public const int FormatVersion = 1;

    private const long MaxBytes = 64 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <typeparam name="T">The file's layout.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="title">What it holds, for messages.</param>
    /// <param name="versionOf">The format version of what was read.</param>
    /// <param name="damage">What is missing in it; null where it is whole.</param>
    /// <exception cref="TableException">The file is missing, too large, damaged or of another version.</exception>
    public static T Load<T>(string path, string title, Func<T, int> versionOf, Func<T, string?> damage)
        where T : class
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxBytes)
            {
                throw new TableException($"{path} has {stream.Length} bytes; a {title} file has at most {MaxBytes}.") { File = path };
            }

            var content = JsonSerializer.Deserialize<T>(stream, Json);
            if ((content is null ? "nothing in it" : damage(content)) is { } missing)
            {
                throw new TableException($"{path}: {missing}; the file is damaged.") { File = path };
            }

            return versionOf(content!) == FormatVersion
                ? content!
                : throw new TableException(
                    $"{path} has format version {versionOf(content!)}, this program reads {FormatVersion}; use the Duet version that "
                        + $"wrote the run."
                )
                {
                    File = path,
                };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TableException($"The {title} file {path} cannot be read: {e.Message}", e) { File = path };
        }
    }

    /// <summary>Writes a file, under a temporary name first.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save<T>(string path, T content) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, content, Json));
}
