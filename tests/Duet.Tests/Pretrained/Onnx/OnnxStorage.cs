// The ways an ONNX file stores the elements of a tensor.
namespace Duet.Tests.Pretrained.Onnx;

internal enum OnnxStorage
{
    /// <summary>float32 as raw bytes.</summary>
    Raw,

    /// <summary>float32 as one packed list.</summary>
    Packed,

    /// <summary>float32 one by one.</summary>
    Single,

    /// <summary>float16 as raw bytes.</summary>
    RawHalf,

    /// <summary>float16 as a list of whole numbers that hold the bits.</summary>
    HalfInIntegers,

    /// <summary>bfloat16 as raw bytes.</summary>
    RawBFloat,

    /// <summary>float64 as one packed list.</summary>
    Double,
}
