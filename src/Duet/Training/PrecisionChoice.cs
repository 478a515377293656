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
