// Names the weights of a residual network by where they stand in the graph.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// Exporters drop the names of convolutions, and the order of nodes is no help: a down-sampling convolution stands before or after its
/// block's own. So the blocks are found by their structure: two ways from one tensor that meet in an <c>Add</c>, the longer one the block,
/// the other one its shortcut. Names are torchvision's: <c>conv1</c>, <c>bn1</c>, <c>layer1.0.conv1</c>, <c>layer1.0.bn1</c>, ...,
/// <c>layer2.0.downsample.0</c>, ....
/// </summary>
internal sealed class OnnxResNet
{
    private readonly OnnxGraph _graph;
    private readonly List<OnnxWeight> _weights = [];
    private readonly Dictionary<string, OnnxConvolution> _byOutput = new(StringComparer.Ordinal);
    private int _named;

    private OnnxResNet(OnnxGraph graph)
    {
        _graph = graph;
        foreach (var convolution in Convolutions(graph).Select(node => OnnxConvolution.Of(graph, node)))
        {
            _byOutput.Add(convolution.Output, convolution);
        }
    }

    /// <summary>Whether a graph begins as residual networks do: a 7x7 convolution of three channels, and sums further on.</summary>
    internal static bool IsIn(OnnxGraph graph) =>
        Convolutions(graph).FirstOrDefault() is { } first
        && graph.Stored(first.Input(1)) is { Shape: [_, 3, 7, 7] }
        && graph.Nodes.Any(node => node.Is("Add"));

    /// <summary>The weights under torchvision's names.</summary>
    /// <exception cref="PretrainedException">The graph is another network, or one that differs in what its weights do not show.</exception>
    internal static IReadOnlyList<OnnxWeight> Read(OnnxGraph graph)
    {
        var network = new OnnxResNet(graph);
        network.Blocks(network.Stem());
        network.Classifier();
        return network._named == network._byOutput.Count
            ? network._weights
            : throw network.Error(
                $"{network._byOutput.Count - network._named} of {network._byOutput.Count} convolutions stand outside the blocks"
            );
    }

    private static IEnumerable<OnnxNode> Convolutions(OnnxGraph graph) => graph.Nodes.Where(node => node.Is("Conv"));

    // The convolution, its norm, ReLU, and the pool; gives the name of what the first block reads.
    private string Stem()
    {
        var stem = _byOutput[OnnxConvolution.Of(_graph, Convolutions(_graph).First()).Output];
        Name(stem, "conv1", "bn1");
        var pool = Reader(Reader(stem.Output, "Relu").Outputs[0], "MaxPool");
        long[] Setting(string name) => pool.Integers.GetValueOrDefault(name) ?? [];
        return Setting("kernel_shape") is [3, 3] && Setting("strides") is [2, 2] && Setting("pads") is [1, 1, 1, 1] or [1, 1, 0, 0]
            ? pool.Outputs[0]
            : throw Error("the pool behind the first convolution is not 3x3 with stride 2 and padding 1");
    }

    private void Blocks(string trunk)
    {
        var (stage, block) = (0, 0);
        foreach (var sum in _graph.Nodes.Where(node => node.Is("Add") && node.Inputs.Count == 2))
        {
            if (Way(sum.Inputs[0], trunk) is not { } first || Way(sum.Inputs[1], trunk) is not { } second)
            {
                continue;
            }

            var (main, shortcut) = first.Count >= second.Count ? (first, second) : (second, first);
            if (main.Count is not (2 or 3) || shortcut.Count > 1)
            {
                throw Error($"a block has {main.Count} convolutions and {shortcut.Count} beside them; 2 or 3, and 1 or none are known");
            }

            (stage, block) = stage == 0 || shortcut.Count == 1 ? (stage + 1, 0) : (stage, block + 1);
            Block($"layer{stage}.{block}", main, shortcut, stage > 1 && block == 0 ? 2 : 1);
            trunk = Reader(sum.Outputs[0], "Relu").Outputs[0];
        }

        if (stage == 0)
        {
            throw Error("it has no blocks");
        }
    }

    private void Block(string name, List<OnnxConvolution> main, List<OnnxConvolution> shortcut, int stride)
    {
        for (var layer = 0; layer < main.Count; layer++)
        {
            // The stride of a bottleneck stands in its 3x3 convolution.
            var expected = layer == main.Count - 2 ? stride : 1;
            if (main[layer].Stride != expected || main[layer].Size != (main.Count == 3 && layer != 1 ? 1 : 3))
            {
                throw Error(
                    $"{name} has a {main[layer].Size}x{main[layer].Size} convolution with stride {main[layer].Stride} in place {layer + 1}"
                );
            }

            Name(main[layer], $"{name}.conv{layer + 1}", $"{name}.bn{layer + 1}");
        }

        foreach (var convolution in shortcut)
        {
            if (convolution.Stride != stride || convolution.Size != 1)
            {
                throw Error($"{name} has a {convolution.Size}x{convolution.Size} convolution with stride {convolution.Stride} beside it");
            }

            Name(convolution, $"{name}.downsample.0", $"{name}.downsample.1");
        }
    }

    // The convolutions from the trunk to a tensor, in their order; null where it does not come from there in a straight line.
    private List<OnnxConvolution>? Way(string? tensor, string trunk)
    {
        var found = new List<OnnxConvolution>();
        while (tensor is not null && found.Count <= 3)
        {
            if (string.Equals(tensor, trunk, StringComparison.Ordinal))
            {
                found.Reverse();
                return found;
            }

            if (_byOutput.TryGetValue(tensor, out var convolution))
            {
                found.Add(convolution);
                tensor = convolution.Node.Input(0);
            }
            else
            {
                // Two ReLUs in a row are one; a chain of them could be endless.
                tensor =
                    _graph.Producer(tensor) is { } node && node.Is("Relu") && _byOutput.ContainsKey(node.Input(0) ?? string.Empty)
                        ? node.Input(0)
                        : null;
            }
        }

        return null;
    }

    // A classifier is named as torchvision's, so that it is left out by name.
    private void Classifier() =>
        _weights.AddRange(
            OnnxStateDictionary
                .Linears(_graph)
                .Index()
                .Select(linear => linear.Item with { Name = linear.Index == 0 ? "fc.weight" : $"fc.{linear.Index}.weight" })
        );

    private void Name(OnnxConvolution convolution, string name, string norm)
    {
        _weights.AddRange(convolution.Named(name, norm));
        _named++;
    }

    private OnnxNode Reader(string tensor, string kind) =>
        _graph.Consumers(tensor).FirstOrDefault(node => node.Is(kind) && node.Outputs.Count > 0)
        ?? throw Error($"no {kind} reads '{tensor}'");

    private PretrainedException Error(string problem) =>
        new($"{_graph.Name}: {problem}. Duet reads residual networks as torchvision builds them.");
}
