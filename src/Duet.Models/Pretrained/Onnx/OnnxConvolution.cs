// A convolution of an ONNX graph with the norm behind it.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>A convolution and its batch norm, which exporters often merge into the convolution's weights and a bias.</summary>
internal sealed record OnnxConvolution
{
    private const float Epsilon = 1e-5f;

    internal required OnnxNode Node { get; init; }

    /// <summary><c>[out, in / groups, height, width]</c>.</summary>
    internal required OnnxTensor Kernel { get; init; }

    /// <summary>Weight, bias, running mean and running variance, <c>[out]</c> each.</summary>
    internal required IReadOnlyList<OnnxTensor> Norm { get; init; }

    /// <summary>What the norm (or the merged convolution) writes.</summary>
    internal required string Output { get; init; }

    internal int Size => (int)Kernel.Shape[2];

    internal int Stride => Node.Integers.TryGetValue("strides", out var strides) ? (int)strides[0] : 1;

    /// <summary>The five tensors under torchvision's names.</summary>
    /// <param name="convolution">The convolution's name, without a dot at its end.</param>
    /// <param name="norm">The norm's.</param>
    internal IEnumerable<OnnxWeight> Named(string convolution, string norm) =>
        [
            new($"{convolution}.weight", Kernel),
            new($"{norm}.weight", Norm[0]),
            new($"{norm}.bias", Norm[1]),
            new($"{norm}.running_mean", Norm[2]),
            new($"{norm}.running_var", Norm[3]),
        ];

    /// <summary>Reads a node of the kind <c>Conv</c>.</summary>
    /// <exception cref="PretrainedException">It is no convolution of a residual network.</exception>
    internal static OnnxConvolution Of(OnnxGraph graph, OnnxNode node)
    {
        var kernel = graph.Stored(node.Input(1)) is { IsFloat: true, Shape.Length: 4 } stored
            ? stored
            : throw Error(graph, node, "has no stored kernel of four dimensions");
        CheckArithmetic(graph, node, kernel);
        var output = node.Outputs is [var only] ? only : throw Error(graph, node, "has several results");
        var norm = graph
            .Consumers(output)
            .FirstOrDefault(reader => reader.Is("BatchNormalization") && string.Equals(reader.Input(0), output, StringComparison.Ordinal));
        return norm is null
            ? new()
            {
                Node = node,
                Kernel = kernel,
                Norm = Merged(graph, node, kernel.Shape[0]),
                Output = output,
            }
            : new()
            {
                Node = node,
                Kernel = kernel,
                Norm = NormOf(graph, node, norm, kernel.Shape[0]),
                Output = norm.Outputs[0],
            };
    }

    private static OnnxTensor[] NormOf(OnnxGraph graph, OnnxNode node, OnnxNode norm, long channels)
    {
        if (node.Input(2) is not null || norm.Outputs.Count == 0)
        {
            throw Error(graph, node, "has a bias in front of its norm");
        }

        if (Math.Abs(norm.Number("epsilon", Epsilon) - Epsilon) > 1e-9)
        {
            throw Error(
                graph,
                node,
                FormattableString.Invariant(
                    $"has a norm with the epsilon {norm.Number("epsilon", Epsilon)}; residual networks have {Epsilon}"
                )
            );
        }

        OnnxTensor Part(int place) =>
            graph.Stored(norm.Input(place)) is { IsFloat: true, Shape: [var size] } part && size == channels
                ? part
                : throw Error(graph, node, $"has a norm whose input {place} is no stored vector of {channels} values");

        return [Part(1), Part(2), Part(3), Part(4)];
    }

    // A norm that does nothing but add the bias: its variance and its epsilon make 1.
    private static OnnxTensor[] Merged(OnnxGraph graph, OnnxNode node, long channels)
    {
        var bias =
            graph.Stored(node.Input(2)) is { IsFloat: true, Shape: [var size] } stored && size == channels
                ? stored
                : throw Error(graph, node, $"has neither a norm behind it nor a stored bias of {channels} values");
        float[] Filled(float value) => [.. Enumerable.Repeat(value, (int)channels)];
        return
        [
            OnnxTensor.Of($"{bias.Name}.scale", [channels], Filled(1)),
            bias,
            OnnxTensor.Of($"{bias.Name}.mean", [channels], Filled(0)),
            OnnxTensor.Of($"{bias.Name}.variance", [channels], Filled(1 - Epsilon)),
        ];
    }

    // Stride and padding are not stored in weights: a network that has others would load and give nonsense.
    private static void CheckArithmetic(OnnxGraph graph, OnnxNode node, OnnxTensor kernel)
    {
        var size = kernel.Shape[2];
        long[] List(string name, long otherwise, int count) =>
            node.Integers.TryGetValue(name, out var values) ? values : [.. Enumerable.Repeat(otherwise, count)];
        var (strides, pads) = (List("strides", 1, 2), List("pads", 0, 4));
        if (kernel.Shape[3] != size || strides is not [var down, var right] || down != right || down is not (1 or 2))
        {
            throw Error(graph, node, "is not square, or its stride is neither 1 nor 2");
        }

        // Of an even side, a stride of 2 never reaches the last row of padding, so that some exporters leave it out.
        var end = down == 2 ? (size / 2) - 1 : size / 2;
        var padded =
            pads is [var top, var left, var bottom, var beyond]
            && top == size / 2
            && left == top
            && bottom == beyond
            && (bottom == top || bottom == end);
        if (!padded || List("dilations", 1, 2).Any(dilation => dilation != 1))
        {
            throw Error(graph, node, $"is padded by [{string.Join(", ", pads)}] or dilated; a residual network pads by {size / 2}");
        }
    }

    private static PretrainedException Error(OnnxGraph graph, OnnxNode node, string problem) =>
        new(
            $"{graph.Name}: the convolution that writes '{(node.Outputs is [var first, ..] ? first : string.Empty)}' {problem}. Duet "
                + $"reads residual networks as torchvision builds them."
        );
}
