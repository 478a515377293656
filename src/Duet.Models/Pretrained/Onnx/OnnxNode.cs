// One step of an ONNX graph.

namespace Duet.Models.Pretrained.Onnx;

/// <summary>A node: an operator with the names of what it reads and writes.</summary>
/// <param name="Operator">The operator, as in <c>MatMul</c>.</param>
/// <param name="Domain">The operator's set; empty or <c>ai.onnx</c> for ONNX's own.</param>
/// <param name="Inputs">Names of tensors; an empty one stands for an optional input that is left out.</param>
/// <param name="Outputs">Names of tensors.</param>
internal sealed record OnnxNode(string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>Whole numbers by attribute; one number is a list of one.</summary>
    internal required IReadOnlyDictionary<string, long[]> Integers { get; init; }

    /// <summary>Numbers by attribute.</summary>
    internal required IReadOnlyDictionary<string, float> Numbers { get; init; }

    internal bool Is(string name) => string.Equals(Operator, name, StringComparison.Ordinal) && Domain is "" or "ai.onnx";

    internal long Integer(string attribute, long otherwise) =>
        Integers.TryGetValue(attribute, out var values) && values is [var value] ? value : otherwise;

    internal float Number(string attribute, float otherwise) => Numbers.TryGetValue(attribute, out var value) ? value : otherwise;

    /// <summary>The input at a place, or null where it is left out.</summary>
    internal string? Input(int place) => place < Inputs.Count && Inputs[place].Length > 0 ? Inputs[place] : null;
}

/// <summary>An attribute, as far as weights are concerned: numbers and tensors.</summary>
internal sealed record OnnxAttribute
{
    internal string Name { get; init; } = string.Empty;

    internal float? Number { get; init; }

    internal List<long> Integers { get; } = [];

    internal OnnxRange? Tensor { get; init; }
}
