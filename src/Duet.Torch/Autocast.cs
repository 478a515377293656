// Mixed precision by libtorch's autocast.
using Duet.Torch.Native;

namespace Duet.Torch;

/// <summary>A region in which libtorch runs matrix products and convolutions in a lower precision, forward and (as recorded) backward.</summary>
/// <example><code>using (new Autocast(Device.Cpu, ScalarType.BFloat16)) { loss = model.Forward(batch); }</code></example>
public sealed class Autocast : IDisposable
{
    private readonly int _cuda;
    private readonly bool _before;
    private readonly ScalarType _type;

    /// <summary>Opens the region on the current thread.</summary>
    /// <param name="device">The device whose operators are meant.</param>
    /// <param name="type"><see cref="ScalarType.BFloat16"/> on the CPU, that or <see cref="ScalarType.Float16"/> on CUDA.</param>
    /// <param name="enabled">False opens a region of full precision inside another.</param>
    public Autocast(Device device, ScalarType type = ScalarType.BFloat16, bool enabled = true)
    {
        _cuda = device.IsCuda ? 1 : 0;
        _type = type;
        _before = NativeMethods.duet_autocast_enabled(_cuda) != 0;
        NativeMethods.duet_autocast_enter();
        NativeMethods.duet_autocast_set(_cuda, enabled ? 1 : 0, (int)type);
    }

    /// <summary>Whether autocast is on for the device on this thread.</summary>
    public static bool IsEnabled(Device device) => NativeMethods.duet_autocast_enabled(device.IsCuda ? 1 : 0) != 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMethods.duet_autocast_set(_cuda, _before ? 1 : 0, (int)_type);
        NativeMethods.duet_autocast_exit();
    }
}
