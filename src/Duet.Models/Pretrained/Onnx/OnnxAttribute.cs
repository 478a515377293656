// A setting of an ONNX node.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>An attribute, as far as weights are concerned: numbers and tensors.</summary>
internal sealed record OnnxAttribute
{
    internal string Name { get; init; } = string.Empty;

    internal float? Number { get; init; }

    internal List<long> Integers { get; } = [];

    internal OnnxRange? Tensor { get; init; }
}
