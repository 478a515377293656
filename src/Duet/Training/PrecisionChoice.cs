// From a choice of number format to what this machine does.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>What a <see cref="Precision"/> means on a device.</summary>
public static class PrecisionChoice
{
    /// <summary><see cref="Precision.Auto"/> decided for a device of this machine; any other choice as it is.</summary>
    public static Precision On(this Precision precision, Device device) =>
        precision switch
        {
            Precision.Auto => HasUnits(device) ? Precision.Bf16 : Precision.Fp32,
            _ => precision,
        };

    /// <summary>Whether bfloat16 would be emulated, which is many times slower than float32.</summary>
    public static bool IsEmulated(this Precision precision, Device device) => precision == Precision.Bf16 && !HasUnits(device);

    private static bool HasUnits(Device device) => device.IsCuda || TorchRuntime.HasBFloat16Units;
}

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
