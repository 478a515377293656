// Element types of ONNX (TensorProto.DataType).
using Duet.Torch.Safetensors;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>ONNX's numbers of element types.</summary>
internal static class OnnxElements
{
    internal const int String = 8;

    /// <summary>The type of a number; null where weights cannot be of that type.</summary>
    internal static SafetensorsType? TypeOf(long number) =>
        number switch
        {
            1 => SafetensorsType.F32,
            2 => SafetensorsType.U8,
            3 => SafetensorsType.I8,
            4 => SafetensorsType.U16,
            5 => SafetensorsType.I16,
            6 => SafetensorsType.I32,
            7 => SafetensorsType.I64,
            9 => SafetensorsType.Bool,
            10 => SafetensorsType.F16,
            11 => SafetensorsType.F64,
            12 => SafetensorsType.U32,
            13 => SafetensorsType.U64,
            16 => SafetensorsType.BF16,
            _ => null,
        };

    /// <summary>The name of a number that is not read, for messages.</summary>
    internal static string NameOf(long number) =>
        number switch
        {
            14 or 15 => "complex numbers",
            >= 17 and <= 20 => "8-bit floats",
            21 or 22 or 23 => "4-bit numbers",
            _ => $"elements of the unknown type {number}",
        };
}
