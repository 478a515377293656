// Checkpoints that are whole or not there.
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Duet.Runs;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>
/// The checkpoints of a run: folders <c>step-N</c> with <c>state.safetensors</c>, <c>state.json</c> and <c>manifest.json</c> (hashes of
/// both). A checkpoint is written under a temporary name, flushed and renamed; the one before it is kept until then and one longer.
/// </summary>
public sealed class CheckpointStore
{
    private const int Kept = 2;
    private const string TensorFile = "state.safetensors";
    private const string StateName = "state.json";
    private const string ManifestName = "manifest.json";
    private const string Prefix = "step-";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private readonly string _folder;
    private readonly List<string> _passedOver = [];

    /// <summary>Opens the store in a run's <c>checkpoints</c> folder, which is made where it is not there.</summary>
    public CheckpointStore(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>Whether a folder holds a checkpoint, whole or not.</summary>
    public static bool IsIn(string folder) => Directory.Exists(folder) && Directory.EnumerateDirectories(folder, $"{Prefix}*").Any();

    /// <summary>Writes a checkpoint and drops the oldest ones, and damaged ones that were skipped on the way here.</summary>
    /// <param name="number">Grows from checkpoint to checkpoint.</param>
    /// <param name="tensors">All tensors by name.</param>
    /// <param name="state">Everything else.</param>
    /// <exception cref="IOException">Writing failed (a full disk, say); the earlier checkpoints are as they were.</exception>
    public void Save(long number, IEnumerable<KeyValuePair<string, Tensor>> tensors, TrainingState state)
    {
        var final = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D10}"));
        var temporary = Path.Combine(_folder, $"writing-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(temporary);
            var hash = StateFile.Save(Path.Combine(temporary, TensorFile), tensors);
            var text = JsonSerializer.SerializeToUtf8Bytes(state, Json);
            AtomicFile.Write(Path.Combine(temporary, StateName), stream => stream.Write(text));
            var manifest = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [TensorFile] = hash,
                [StateName] = Convert.ToHexStringLower(SHA256.HashData(text)),
            };
            AtomicFile.WriteText(Path.Combine(temporary, ManifestName), JsonSerializer.Serialize(manifest, Json));
            if (Directory.Exists(final))
            {
                Directory.Delete(final, recursive: true);
            }

            Directory.Move(temporary, final);
            AtomicFile.FlushFolder(_folder);
        }
        catch (Exception e)
        {
            Remove(temporary);
            if (e is IOException)
            {
                throw new IOException(
                    $"The checkpoint {final} could not be written: {e.Message} The one before it is intact; free some space and "
                        + $"continue with --resume.",
                    e
                );
            }

            throw;
        }

        // Damaged ones would count among those kept.
        _passedOver.Remove(final);
        _passedOver.ForEach(Remove);
        _passedOver.Clear();
        foreach (var old in Existing().Skip(Kept))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>The state of the run by its checkpoints, newest first; those that cannot be read are left out. Nothing is checked or
    /// changed.</summary>
    public static IReadOnlyList<TrainingState> States(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var states = new List<TrainingState>();
        foreach (var checkpoint in Existing(folder))
        {
            try
            {
                states.Add(ReadState(checkpoint));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or RunException)
            {
                // Whoever loads it says what is wrong.
            }
        }

        return states;
    }

    /// <summary>Drops checkpoints, for instance those of an end that is no longer one.</summary>
    /// <param name="unwanted">Says which.</param>
    public void Remove(Func<TrainingState, bool> unwanted)
    {
        ArgumentNullException.ThrowIfNull(unwanted);
        foreach (var folder in Existing())
        {
            if (File.Exists(Path.Combine(folder, StateName)) && unwanted(ReadState(folder)))
            {
                Remove(folder);
            }
        }

        AtomicFile.FlushFolder(_folder);
    }

    /// <summary>Reads the newest checkpoint that is whole. Damaged ones are skipped and reported.</summary>
    /// <param name="damaged">Receives one line per damaged checkpoint.</param>
    /// <returns>The tensors, owned by the current scope, and the state; null where there is no whole checkpoint.</returns>
    public (Dictionary<string, Tensor> Tensors, TrainingState State)? LoadNewest(ICollection<string> damaged)
    {
        ArgumentNullException.ThrowIfNull(damaged);
        foreach (var folder in Existing())
        {
            try
            {
                return Load(folder);
            }
            catch (Exception e)
                when (e is IOException or UnauthorizedAccessException or SafetensorsException or JsonException or RunException)
            {
                _passedOver.Add(folder);
                damaged.Add($"Checkpoint {folder} is damaged and skipped: {e.Message}");
            }
        }

        return null;
    }

    /// <summary>Drops what a killed run left half written.</summary>
    public void RemoveUnfinished()
    {
        foreach (var folder in Directory.EnumerateDirectories(_folder, "writing-*"))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (Dictionary<string, Tensor> Tensors, TrainingState State) Load(string folder)
    {
        var manifest =
            JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(folder, ManifestName)), Json)
            ?? throw new RunException("the manifest is empty");
        foreach (var name in (string[])[TensorFile, StateName])
        {
            using var stream = File.OpenRead(Path.Combine(folder, name));
            if (
                !manifest.TryGetValue(name, out var hash)
                || !string.Equals(hash, Convert.ToHexStringLower(SHA256.HashData(stream)), StringComparison.Ordinal)
            )
            {
                throw new RunException($"{name} does not have the hash that the manifest states");
            }
        }

        var state = ReadState(folder);
        using var file = SafetensorsFile.Open(Path.Combine(folder, TensorFile));
        return (file.ReadTensors(), state);
    }

    private static TrainingState ReadState(string folder) =>
        JsonSerializer.Deserialize<TrainingState>(File.ReadAllText(Path.Combine(folder, StateName)), Json)
        ?? throw new RunException($"{StateName} is empty");

    private List<string> Existing() => Existing(_folder);

    private static List<string> Existing(string folder) =>
        [.. Directory.EnumerateDirectories(folder, $"{Prefix}*").OrderDescending(StringComparer.Ordinal)];
}
