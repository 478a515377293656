// The graph of an ONNX file with its weights.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>Nodes in their order, stored tensors, and who reads and writes what.</summary>
internal sealed class OnnxGraph
{
    private const int LongestChain = 16;
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly ILookup<string, OnnxNode> _consumers;

    /// <exception cref="PretrainedException">Two nodes write one tensor.</exception>
    internal OnnxGraph(string name, IReadOnlyList<OnnxNode> nodes, IReadOnlyDictionary<string, OnnxTensor> tensors)
    {
        (Name, Nodes, Tensors) = (name, nodes, tensors);
        foreach (var node in nodes)
        {
            foreach (var output in node.Outputs.Where(output => output.Length > 0))
            {
                if (!_producers.TryAdd(output, node))
                {
                    throw new PretrainedException($"two nodes write '{output}'; the file is damaged.");
                }
            }
        }

        _consumers = nodes
            .SelectMany(node => node.Inputs.Distinct(StringComparer.Ordinal), (node, input) => (node, input))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
    }

    /// <summary>The file, for messages.</summary>
    internal string Name { get; }

    internal IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>Initializers and constants by name.</summary>
    internal IReadOnlyDictionary<string, OnnxTensor> Tensors { get; }

    /// <summary>The node that computes a tensor, or null.</summary>
    internal OnnxNode? Producer(string? tensor) => tensor is null ? null : _producers.GetValueOrDefault(tensor);

    /// <summary>The nodes that read a tensor.</summary>
    internal IEnumerable<OnnxNode> Consumers(string tensor) => _consumers[tensor];

    /// <summary>The stored tensor behind a name; equal tensors are often stored once and passed on by <c>Identity</c>. Null where it is
    /// computed.</summary>
    internal OnnxTensor? Stored(string? name)
    {
        for (var step = 0; name is not null && step < LongestChain; step++)
        {
            // A constant is both: stored here, and written by its node.
            if (Tensors.TryGetValue(name, out var tensor))
            {
                return tensor;
            }

            name = Producer(name) is { } node && node.Is("Identity") ? node.Input(0) : null;
        }

        return null;
    }
}
