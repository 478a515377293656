// Reads an ONNX file into its graph.
using Google.Protobuf;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>
/// Reads the graph and the weights of an ONNX file (onnx.proto3: ModelProto, GraphProto, NodeProto, AttributeProto). Nothing is executed;
/// functions and graphs inside nodes are skipped. The file is held in one piece of memory, and tensors are parts of it.
/// </summary>
internal sealed class OnnxReader
{
    private readonly byte[] _buffer;
    private readonly OnnxTensorReader _tensors;
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxTensor> _stored = new(StringComparer.Ordinal);

    private OnnxReader(byte[] buffer, string? path) => (_buffer, _tensors) = (buffer, new OnnxTensorReader(buffer, new OnnxFolder(path)));

    /// <summary>Reads a file.</summary>
    /// <exception cref="PretrainedException">It is damaged, beyond the limits, or no ONNX file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static OnnxGraph Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        if (file.Length > OnnxLimits.FileBytes)
        {
            throw new PretrainedException(
                $"{path} has {file.Length} bytes; an ONNX file has at most {OnnxLimits.FileBytes}, and keeps more weights in a file "
                    + $"beside it."
            );
        }

        var buffer = GC.AllocateUninitializedArray<byte>((int)file.Length, pinned: true);
        file.ReadExactly(buffer);
        return Read(buffer, path, path);
    }

    /// <summary>Reads a file that is in memory already. External data is refused.</summary>
    /// <param name="buffer">The file, allocated pinned: tensors are read through addresses.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="PretrainedException">It is damaged, beyond the limits, or no ONNX file.</exception>
    internal static OnnxGraph Read(byte[] buffer, string name) => Read(buffer, name, path: null);

    private static OnnxGraph Read(byte[] buffer, string name, string? path)
    {
        try
        {
            var reader = new OnnxReader(buffer, path);
            reader.Model();
            return new(name, reader._nodes, reader._stored);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new PretrainedException($"{name}: it is damaged or no ONNX file ({e.Message})", e);
        }
        catch (PretrainedException e)
        {
            throw new PretrainedException($"{name}: {e.Message}", e);
        }
    }

    private void Model()
    {
        var found = false;
        using var message = new OnnxMessage(_buffer, new(0, _buffer.Length));
        for (var field = message.Next(); field != 0; field = message.Next())
        {
            if (field == 7)
            {
                Graph(message.Range());
                found = true;
            }
            else
            {
                message.Skip();
            }
        }

        if (!found)
        {
            throw new PretrainedException("it holds no graph; it is damaged or no ONNX file.");
        }
    }

    private void Graph(OnnxRange range)
    {
        using var message = new OnnxMessage(_buffer, range);
        for (var field = message.Next(); field != 0; field = message.Next())
        {
            switch (field)
            {
                case 1:
                    Node(message.Range());
                    break;
                case 5:
                    Add(_tensors.Read(message.Range()));
                    break;
                case 15:
                    throw new PretrainedException("it holds sparse weights; export the model with dense ones.");
                default:
                    message.Skip();
                    break;
            }
        }
    }

    private void Node(OnnxRange range)
    {
        if (_nodes.Count == OnnxLimits.Nodes)
        {
            throw new PretrainedException($"it has more than {OnnxLimits.Nodes} nodes.");
        }

        var (kind, domain) = (string.Empty, string.Empty);
        List<string> inputs = [];
        List<string> outputs = [];
        List<OnnxAttribute> attributes = [];
        using var message = new OnnxMessage(_buffer, range);
        for (var field = message.Next(); field != 0; field = message.Next())
        {
            if (inputs.Count + outputs.Count + attributes.Count > OnnxLimits.Parts)
            {
                throw new PretrainedException($"a node has more than {OnnxLimits.Parts} inputs, outputs and attributes.");
            }

            switch (field)
            {
                case 1:
                    inputs.Add(message.Text());
                    break;
                case 2:
                    outputs.Add(message.Text());
                    break;
                case 4:
                    kind = message.Text();
                    break;
                case 5:
                    attributes.Add(Attribute(message.Range()));
                    break;
                case 7:
                    domain = message.Text();
                    break;
                default:
                    message.Skip();
                    break;
            }
        }

        Add(
            new OnnxNode(kind, domain, inputs, outputs)
            {
                Integers = attributes
                    .Where(attribute => attribute.Integers.Count > 0)
                    .DistinctBy(attribute => attribute.Name, StringComparer.Ordinal)
                    .ToDictionary(attribute => attribute.Name, attribute => attribute.Integers.ToArray(), StringComparer.Ordinal),
                Numbers = attributes
                    .Where(attribute => attribute.Number is not null)
                    .DistinctBy(attribute => attribute.Name, StringComparer.Ordinal)
                    .ToDictionary(attribute => attribute.Name, attribute => attribute.Number!.Value, StringComparer.Ordinal),
            }
        );

        // A constant is an initializer that stands among the nodes.
        if (string.Equals(kind, "Constant", StringComparison.Ordinal) && outputs is [var output] && attributes is [{ Tensor: { } value }])
        {
            Add(_tensors.Read(value, output));
        }
    }

    private OnnxAttribute Attribute(OnnxRange range)
    {
        var attribute = new OnnxAttribute();
        using var message = new OnnxMessage(_buffer, range);
        for (var field = message.Next(); field != 0; field = message.Next())
        {
            switch (field)
            {
                case 1:
                    attribute = attribute with { Name = message.Text() };
                    break;
                case 2:
                    attribute = attribute with { Number = message.Single() };
                    break;
                case 3 or 8:
                    message.Integers(attribute.Integers, OnnxLimits.Parts);
                    break;
                case 5:
                    attribute = attribute with { Tensor = message.Range() };
                    break;
                default:
                    message.Skip();
                    break;
            }
        }

        return attribute;
    }

    private void Add(OnnxNode node) => _nodes.Add(node);

    private void Add(OnnxTensor? tensor)
    {
        if (tensor is null)
        {
            return;
        }

        if (_stored.Count == OnnxLimits.Tensors)
        {
            throw new PretrainedException($"it has more than {OnnxLimits.Tensors} tensors.");
        }

        if (!_stored.TryAdd(tensor.Name, tensor))
        {
            throw new PretrainedException($"it holds the tensor '{tensor.Name}' twice.");
        }
    }
}
