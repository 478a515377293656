// The weights of an ONNX file as a set of named tensors.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// An ONNX file looks to loaders like the state dictionary that it was exported from. Weights that are stored as they were published are
/// parts of the file in memory; transposed ones and those in other files are made when they are asked for.
/// </summary>
internal sealed class OnnxWeights : ISafetensorsSource
{
    private readonly Dictionary<string, (OnnxWeight Weight, SafetensorsEntry Entry)> _weights;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _read = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private bool _disposed;

    private OnnxWeights(OnnxGraph graph, IReadOnlyList<OnnxWeight> weights)
    {
        Graph = graph;
        long offset = 0;
        var entries = new List<SafetensorsEntry>();
        foreach (var weight in weights)
        {
            entries.Add(new(weight.Name, weight.Tensor.Type, weight.Shape, offset, weight.Tensor.ByteLength));
            offset += weight.Tensor.ByteLength;
        }

        Entries = entries;
        _weights = weights.Zip(entries).ToDictionary(pair => pair.First.Name, pair => pair, StringComparer.Ordinal);
    }

    /// <summary>The file's graph.</summary>
    internal OnnxGraph Graph { get; }

    /// <summary>Whether the names were found by the structure of a residual network.</summary>
    internal bool IsResNet { get; private init; }

    /// <inheritdoc/>
    public string Path => Graph.Name;

    /// <inheritdoc/>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether a path names an ONNX file.</summary>
    internal static bool IsName(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file.</summary>
    /// <exception cref="PretrainedException">It is damaged, beyond the limits, or no ONNX file; or its weights are not those of a published
    /// model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static OnnxWeights Open(string path) => Of(OnnxReader.Read(path));

    /// <summary>The weights of a graph.</summary>
    /// <exception cref="PretrainedException">Its weights are not those of a published model.</exception>
    internal static OnnxWeights Of(OnnxGraph graph)
    {
        OnnxStateDictionary.RefuseRewritten(graph);
        return OnnxResNet.IsIn(graph) ? new(graph, OnnxResNet.Read(graph)) { IsResNet = true } : new(graph, OnnxStateDictionary.Of(graph));
    }

    /// <inheritdoc/>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsEntry? entry)
    {
        entry = _weights.TryGetValue(name, out var found) ? found.Entry : null;
        return entry is not null;
    }

    /// <inheritdoc/>
    public unsafe nint Address(string name)
    {
        // All of it is allocated pinned, so the address stays; the dictionary keeps the memory alive.
        fixed (byte* first = &MemoryMarshal.GetReference(ReadMemory(name).Span))
        {
            return (nint)first;
        }
    }

    /// <summary>A tensor's bytes as managed memory.</summary>
    /// <exception cref="SafetensorsException">There is no such tensor.</exception>
    /// <exception cref="PretrainedException">The file beside the ONNX file that holds it is damaged.</exception>
    internal ReadOnlyMemory<byte> ReadMemory(string name)
    {
        this.Get(name);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_read.TryGetValue(name, out var bytes))
            {
                bytes = _weights[name].Weight.Read();
                _read.Add(name, bytes);
            }

            return bytes;
        }
    }

    /// <summary>Lets go of the memory; addresses taken from it are invalid afterwards.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _read.Clear();
        }
    }
}
