// One stored tensor of an ONNX file.
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>An initializer or constant.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes, outermost first.</param>
/// <param name="Data">The elements, row-major, little-endian, in memory that does not move; empty where they are in another file.</param>
/// <param name="External">Where the elements are, if not in this file.</param>
internal sealed record OnnxTensor(
    string Name,
    SafetensorsType Type,
    long[] Shape,
    ReadOnlyMemory<byte> Data,
    OnnxExternalData? External = null
)
{
    internal bool IsFloat => Type is SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F64;

    internal long Count => Shape.Aggregate(1L, (product, size) => product * size);

    internal long ByteLength => Count * Type.ElementSize();

    /// <summary>A float32 tensor of values made here.</summary>
    internal static OnnxTensor Of(string name, long[] shape, ReadOnlySpan<float> values)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(values.Length * sizeof(float), pinned: true);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).CopyTo(bytes);
        return new(name, SafetensorsType.F32, shape, bytes);
    }

    /// <summary>A float32 tensor's values.</summary>
    internal ReadOnlySpan<float> Values() =>
        Type == SafetensorsType.F32 && External is null
            ? System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Data.Span)
            : throw new InvalidOperationException($"'{Name}' holds no float32 values in memory.");
}

/// <summary>Where a field's bytes lie in the file's buffer.</summary>
internal readonly record struct OnnxRange(int Start, int Length);
