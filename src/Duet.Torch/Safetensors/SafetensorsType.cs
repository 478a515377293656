// The element types of the safetensors format.
namespace Duet.Torch.Safetensors;

/// <summary>An element type of the safetensors format; numbers are little-endian.</summary>
public enum SafetensorsType
{
    /// <summary>One byte, 0 or 1 (<c>BOOL</c>).</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer (<c>U8</c>).</summary>
    U8,

    /// <summary>Signed 8-bit integer (<c>I8</c>).</summary>
    I8,

    /// <summary>8-bit float, 5 exponent and 2 mantissa bits (<c>F8_E5M2</c>). Bytes only, no conversion.</summary>
    F8E5M2,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits (<c>F8_E4M3</c>). Bytes only, no conversion.</summary>
    F8E4M3,

    /// <summary>Signed 16-bit integer (<c>I16</c>).</summary>
    I16,

    /// <summary>Unsigned 16-bit integer (<c>U16</c>).</summary>
    U16,

    /// <summary>IEEE 754 half precision (<c>F16</c>).</summary>
    F16,

    /// <summary>The upper 16 bits of a single-precision float (<c>BF16</c>).</summary>
    BF16,

    /// <summary>Signed 32-bit integer (<c>I32</c>).</summary>
    I32,

    /// <summary>Unsigned 32-bit integer (<c>U32</c>).</summary>
    U32,

    /// <summary>IEEE 754 single precision (<c>F32</c>).</summary>
    F32,

    /// <summary>Signed 64-bit integer (<c>I64</c>).</summary>
    I64,

    /// <summary>Unsigned 64-bit integer (<c>U64</c>).</summary>
    U64,

    /// <summary>IEEE 754 double precision (<c>F64</c>).</summary>
    F64,
}
