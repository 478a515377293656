// What loaders need of a set of stored tensors, whether it is one file or several shards.
namespace Duet.Torch.Safetensors;

/// <summary>A read-only set of named tensors in memory-mapped files. Safe for reading from many threads until disposed.</summary>
public interface ISafetensorsSource : IDisposable
{
    /// <summary>The file or index this was opened from, for messages.</summary>
    string Path { get; }

    /// <summary>The tensors, in the order of their bytes (shard by shard).</summary>
    IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The free texts stored beside the tensors; empty where there are none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Finds a tensor by its exact name.</summary>
    bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SafetensorsEntry? entry);

    /// <summary>
    /// The address of the tensor's first byte inside the mapped file; <see cref="SafetensorsEntry.Length"/> bytes may be read.
    /// It need not be aligned to the element size, must not be written to, and dies with <see cref="IDisposable.Dispose"/>.
    /// </summary>
    /// <exception cref="SafetensorsException">There is no such tensor.</exception>
    /// <exception cref="ObjectDisposedException">The files are closed.</exception>
    nint Address(string name);
}
