// The number formats of training and prediction.
namespace Duet.Training;

/// <summary>The arithmetic of matrix products and convolutions; everything else stays in float32.</summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Fp32,

    /// <summary>bfloat16 through libtorch's autocast, on the CPU (oneDNN) and on CUDA. A processor without bfloat16 units emulates it, many
    /// times slower than float32.</summary>
    Bf16,

    /// <summary>bfloat16 where the device has units for it, else float32. A run decides once, when it begins, and keeps to it.</summary>
    Auto,
}
