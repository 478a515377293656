// What a comparison began with, so that going on means going on with the same.
using System.Text.Json;
using Duet.Data;
using Duet.Runs;
using Duet.Torch.Safetensors;

namespace Duet.Studies.Comparison;

/// <summary>The part of a comparison that no run folder records: <c>protocol.json</c>. Systems and seeds may be added later; the rest
/// stays.</summary>
internal sealed record ComparisonProtocol
{
    private const int CurrentVersion = 1;
    private const long MaxBytes = 1 << 20;
    private const string FileName = "protocol.json";

    public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>SHA-256 of the table.</summary>
    public required string TableHash { get; init; }

    public required string Split { get; init; }

    public required double? Minutes { get; init; }

    /// <summary>The epochs that the time budget gave each system, by the system's folder.</summary>
    public IReadOnlyDictionary<string, int> Epochs { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Reads the protocol of a comparison that was begun, or begins one.</summary>
    /// <exception cref="RunException">The folder holds something else, or a comparison by other rules.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public static ComparisonProtocol Open(string folder, ComparisonOptions options)
    {
        var asked = new ComparisonProtocol
        {
            TableHash = DataIdentity.Hash(options.Data.Path),
            Split = options.Split,
            Minutes = options.Minutes,
        };
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new RunException($"{folder} is not empty and holds no comparison. Name another --output.");
            }

            Directory.CreateDirectory(folder);
            asked.Save(folder);
            return asked;
        }

        var saved = Load(path);
        Require(
            string.Equals(saved.TableHash, asked.TableHash, StringComparison.Ordinal),
            folder,
            "another table, or the table has changed since"
        );
        Require(
            string.Equals(saved.Split, asked.Split, StringComparison.Ordinal),
            folder,
            $"figures from the split '{saved.Split}', not '{asked.Split}'"
        );
        Require(Nullable.Equals(saved.Minutes, asked.Minutes), folder, $"{Budget(saved.Minutes)}, not {Budget(asked.Minutes)}");
        return saved;
    }

    /// <summary>Writes the protocol, in one step.</summary>
    public void Save(string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, ComparisonJson.Options) + "\n");

    private static ComparisonProtocol Load(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            var saved =
                length > MaxBytes
                    ? throw new RunException($"{path} has {length} bytes; a comparison's protocol has at most {MaxBytes}.")
                    : JsonSerializer.Deserialize<ComparisonProtocol>(File.ReadAllText(path), ComparisonJson.Options)
                        ?? throw new RunException($"{path} is empty.");
            return saved.FormatVersion == CurrentVersion
                ? saved
                : throw new RunException(
                    $"{path} has format version {saved.FormatVersion}; this Duet reads {CurrentVersion}. Use the Duet that began the "
                        + $"comparison."
                );
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{path} cannot be read: {e.Message} Name another --output to start a new comparison.", e);
        }
    }

    private static void Require(bool condition, string folder, string difference)
    {
        if (!condition)
        {
            throw new RunException(
                $"{folder} holds a comparison with {difference}. Go on with what it began with, or name another --output."
            );
        }
    }

    private static string Budget(double? minutes) =>
        minutes is { } given ? FormattableString.Invariant($"a budget of {given} minutes per run") : "a fixed number of epochs";
}
