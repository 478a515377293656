// The number formats of training and prediction.
namespace Duet.Training;

/// <summary>The arithmetic of matrix products and convolutions; everything else stays in float32.</summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Fp32,

    /// <summary>bfloat16 through libtorch's autocast, on the CPU (oneDNN) and on CUDA.</summary>
    Bf16,
}
