// Several safetensors files behind one index, as large checkpoints are published.
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Duet.Torch.Safetensors;

/// <summary>
/// A checkpoint in shards: <c>model.safetensors.index.json</c> maps every tensor's name to the file that holds it
/// (<c>weight_map</c>; layout of the Hugging Face libraries). All shards are opened and validated at once.
/// </summary>
public sealed class ShardedSafetensors : ISafetensorsSource
{
    /// <summary>The largest index that is read, in bytes; published ones stay under a few megabytes.</summary>
    public const long MaximumIndexLength = 100_000_000;

    private readonly List<SafetensorsFile> _shards = [];
    private readonly Dictionary<string, SafetensorsFile> _homes = new(StringComparer.Ordinal);

    private ShardedSafetensors(string path) => Path = path;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SafetensorsEntry> Entries { get; private set; } = [];

    /// <summary>The free texts of the first shard.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Opens the shards that an index names; they must lie in the index's own folder.</summary>
    /// <exception cref="SafetensorsException">
    /// The index is not valid, names a file outside its folder, a shard is missing or damaged, or index and shards do not hold the same
    /// tensors.
    /// </exception>
    /// <exception cref="IOException">The index is missing or cannot be read.</exception>
    public static ShardedSafetensors Open(string indexPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(indexPath);
        var sharded = new ShardedSafetensors(indexPath);
        try
        {
            sharded.OpenShards(ReadIndex(indexPath));
            return sharded;
        }
        catch
        {
            sharded.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsEntry? entry)
    {
        entry = null;
        return _homes.TryGetValue(name, out var shard) && shard.TryGet(name, out entry);
    }

    /// <inheritdoc/>
    public nint Address(string name)
    {
        this.Get(name);
        return _homes[name].Address(name);
    }

    /// <summary>Unmaps every shard.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }
    }

    private void OpenShards(Dictionary<string, string> map)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        foreach (var file in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var full = System.IO.Path.Combine(folder, file);
            if (!File.Exists(full))
            {
                throw new SafetensorsException(Path, null, $"the shard '{file}' is missing beside it; fetch the checkpoint again.");
            }

            var shard = SafetensorsFile.Open(full);
            _shards.Add(shard);
            foreach (var entry in shard.Entries)
            {
                if (!map.TryGetValue(entry.Name, out var home) || !string.Equals(home, file, StringComparison.Ordinal))
                {
                    throw new SafetensorsException(
                        full,
                        entry.Name,
                        $"the index {Path} says it is {(home is null ? "nowhere" : $"in '{home}'")}."
                    );
                }

                _homes.Add(entry.Name, shard);
            }
        }

        var absent = map.FirstOrDefault(pair => !_homes.ContainsKey(pair.Key));
        if (absent.Key is not null)
        {
            throw new SafetensorsException(Path, absent.Key, $"the shard '{absent.Value}' should hold it and does not.");
        }

        Entries = [.. _shards.SelectMany(shard => shard.Entries)];
        Metadata = _shards.Count > 0 ? _shards[0].Metadata : Metadata;
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MaximumIndexLength)
        {
            throw new SafetensorsException(path, null, $"the index has {length} bytes; at most {MaximumIndexLength} are read.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object
            )
            {
                throw new SafetensorsException(
                    path,
                    null,
                    "the index must be an object with 'weight_map', an object from tensor name to file name."
                );
            }

            return ReadMap(path, map);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new SafetensorsException(path, null, $"the index is not valid JSON: {error.Message}", error);
        }
    }

    private static Dictionary<string, string> ReadMap(string path, JsonElement map)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in map.EnumerateObject())
        {
            var file = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : string.Empty;

            // A plain file name only: anything with a separator could lead out of the folder.
            if (!file.EndsWith(".safetensors", StringComparison.Ordinal) || file.AsSpan().IndexOfAny("/\\:\0") >= 0)
            {
                throw new SafetensorsException(
                    path,
                    pair.Name,
                    $"its file must be the plain name of a .safetensors file beside the index, not '{SafetensorsException.Shorten(file)}'."
                );
            }

            if (!result.TryAdd(pair.Name, file))
            {
                throw new SafetensorsException(path, pair.Name, "the index names it twice.");
            }
        }

        return result;
    }
}
