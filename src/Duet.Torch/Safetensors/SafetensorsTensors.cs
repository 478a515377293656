// Tensors out of stored ones.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Safetensors;

/// <summary>Copies stored tensors into libtorch's memory, in the element type they are stored in.</summary>
public static class SafetensorsTensors
{
    /// <summary>A copy of one stored tensor on the CPU; a stored scalar has shape <c>[]</c>.</summary>
    /// <exception cref="SafetensorsException">There is no such tensor, it is larger than 2 GiB, or libtorch has no such element
    /// type.</exception>
    public static Tensor ReadTensor(this ISafetensorsSource source, string name)
    {
        var entry = source.Get(name);
        return Tensors.FromBytes(source.Bytes(name), TypeOf(source, entry), entry.Shape);
    }

    /// <summary>Copies of all stored tensors on the CPU, by name.</summary>
    /// <exception cref="SafetensorsException">A tensor is larger than 2 GiB, or libtorch has no such element type.</exception>
    public static Dictionary<string, Tensor> ReadTensors(this ISafetensorsSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Entries.ToDictionary(entry => entry.Name, entry => source.ReadTensor(entry.Name), StringComparer.Ordinal);
    }

    private static ScalarType TypeOf(ISafetensorsSource source, SafetensorsEntry entry) =>
        entry.Type switch
        {
            SafetensorsType.Bool => ScalarType.Bool,
            SafetensorsType.U8 => ScalarType.Byte,
            SafetensorsType.I8 => ScalarType.Int8,
            SafetensorsType.I16 => ScalarType.Int16,
            SafetensorsType.I32 => ScalarType.Int32,
            SafetensorsType.I64 => ScalarType.Int64,
            SafetensorsType.F16 => ScalarType.Float16,
            SafetensorsType.BF16 => ScalarType.BFloat16,
            SafetensorsType.F32 => ScalarType.Float32,
            SafetensorsType.F64 => ScalarType.Float64,
            _ => throw new SafetensorsException(source.Path, entry.Name, $"it holds {entry.Type.HeaderName()}, which tensors cannot."),
        };
}
