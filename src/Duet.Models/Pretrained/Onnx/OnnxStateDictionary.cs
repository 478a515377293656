// Gives the weights of an ONNX graph their published names back.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// An exporter keeps the names of most weights, but stores the matrix of a linear layer transposed, for <c>MatMul</c>, and without its
/// name. The bias that is added to the product keeps its own: <c>query.bias</c> tells that the matrix is <c>query.weight</c>.
/// </summary>
internal static class OnnxStateDictionary
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>The weights of a graph. Constants of its arithmetic are left out; a weight that no name is found for keeps the one in the
    /// file.</summary>
    /// <exception cref="PretrainedException">Two weights have one name, or the graph was rewritten for a runtime.</exception>
    internal static IReadOnlyList<OnnxWeight> Of(OnnxGraph graph)
    {
        RefuseRewritten(graph);
        var weights = new Dictionary<string, OnnxWeight>(StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var weight in graph.Nodes.Select(node => OfNode(graph, node)).OfType<OnnxWeight>())
        {
            if (!weights.TryAdd(weight.Name, weight) && weights[weight.Name] != weight)
            {
                throw new PretrainedException(
                    $"{graph.Name}: two different matrices are both '{weight.Name}' by the biases that follow them."
                );
            }

            named.Add(weight.Tensor.Name);
        }

        foreach (var node in graph.Nodes.Where(node => node.Is("Identity") && node.Outputs is [var output] && HasName(output)))
        {
            // Equal weights are stored once; the others are named after what reads them.
            if (graph.Stored(node.Outputs[0]) is { } tensor)
            {
                weights.TryAdd(node.Outputs[0], new(node.Outputs[0], tensor));
                if (!HasName(tensor.Name))
                {
                    named.Add(tensor.Name);
                }
            }
        }

        foreach (var tensor in graph.Tensors.Values.Where(tensor => !named.Contains(tensor.Name) && IsWeight(tensor)))
        {
            weights.TryAdd(tensor.Name, new(tensor.Name, tensor));
        }

        return OnnxPrefix.Remove([.. weights.Values.OrderBy(weight => weight.Name, StringComparer.Ordinal)]);
    }

    /// <summary>The matrices of linear layers only.</summary>
    internal static IEnumerable<OnnxWeight> Linears(OnnxGraph graph) =>
        graph.Nodes.Where(node => node.Is("MatMul") || node.Is("Gemm")).Select(node => OfNode(graph, node)).OfType<OnnxWeight>();

    /// <summary>Whether a name is a published one: exporters number what had none, as in <c>onnx::MatMul_927</c>.</summary>
    internal static bool HasName(string name) =>
        name.Contains('.', StringComparison.Ordinal) && !name.Contains("::", StringComparison.Ordinal) && !name.StartsWith('/');

    // The matrix of a linear layer, or the kernel of a convolution, under the name that it or its bias tells.
    private static OnnxWeight? OfNode(OnnxGraph graph, OnnxNode node)
    {
        if (graph.Stored(node.Input(1)) is not { IsFloat: true } matrix)
        {
            return null;
        }

        if (node.Is("MatMul") && matrix.Shape.Length == 2)
        {
            return new(Name(node.Input(1)!, BiasAfter(graph, node, matrix.Shape[1]), matrix), matrix, Transposed: true);
        }

        if (node.Is("Gemm") && matrix.Shape.Length == 2)
        {
            return node.Number("alpha", 1) == 1 && node.Number("beta", 1) == 1 && node.Integer("transA", 0) == 0
                ? new(Name(node.Input(1)!, node.Input(2), matrix), matrix, Transposed: node.Integer("transB", 0) == 0)
                : throw new PretrainedException(
                    $"{graph.Name}: the linear layer of '{matrix.Name}' scales or transposes its input, which no published layer does."
                );
        }

        return node.Is("Conv") ? new(Name(node.Input(1)!, node.Input(2), matrix), matrix) : null;
    }

    private static string Name(string input, string? bias, OnnxTensor tensor) =>
        HasName(input) ? input
        : bias is not null && HasName(bias) && bias.EndsWith(Bias, StringComparison.Ordinal)
            ? string.Concat(bias.AsSpan(0, bias.Length - Bias.Length), Weight)
        : tensor.Name;

    // X.bias of the Add that reads a product, on either side of it.
    private static string? BiasAfter(OnnxGraph graph, OnnxNode product, long width) =>
        product.Outputs is [var output]
            ? graph
                .Consumers(output)
                .Where(node => node.Is("Add"))
                .SelectMany(node => node.Inputs)
                .FirstOrDefault(input => graph.Stored(input) is { Shape: [var size] } && size == width)
            : null;

    private static bool IsWeight(OnnxTensor tensor) => HasName(tensor.Name) || (tensor.IsFloat && tensor.Count > 1);

    /// <exception cref="PretrainedException">The graph was quantised or rewritten, so that its weights are no longer the published
    /// ones.</exception>
    internal static void RefuseRewritten(OnnxGraph graph)
    {
        if (
            graph.Nodes.FirstOrDefault(node =>
                node.Operator.Contains("quant", StringComparison.OrdinalIgnoreCase)
                || node.Operator.EndsWith("Integer", StringComparison.Ordinal)
            ) is
            { } quantised
        )
        {
            throw new PretrainedException($"{graph.Name}: it is quantised ({quantised.Operator}); take the full-precision file.");
        }

        if (graph.Nodes.FirstOrDefault(node => node.Domain.StartsWith("com.microsoft", StringComparison.Ordinal)) is { } fused)
        {
            throw new PretrainedException(
                $"{graph.Name}: it was rewritten for ONNX Runtime ({fused.Operator}), and its weights are merged. Take the file as it "
                    + $"was exported, without optimisation."
            );
        }
    }
}
