// Mixed precision by libtorch's autocast.
using System.Runtime.InteropServices;
using Duet.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>A region in which libtorch runs matrix products and convolutions in a lower precision, forward and (as recorded)
/// backward.</summary>
/// <example><code>using (new Autocast(CPU, ScalarType.BFloat16)) { loss = model.Forward(batch); }</code></example>
public sealed class Autocast : IDisposable
{
    private readonly DeviceType _device;
    private readonly ScalarType _type;
    private readonly bool _before;

    /// <summary>Opens the region on the current thread.</summary>
    /// <param name="device">The device whose operators are meant.</param>
    /// <param name="type"><see cref="ScalarType.BFloat16"/> on the CPU, that or <see cref="ScalarType.Float16"/> on CUDA.</param>
    /// <param name="enabled">False opens a region of full precision inside another.</param>
    /// <exception cref="EntryPointNotFoundException">This libtorch does not export its autocast functions; compute in float32.</exception>
    public Autocast(Device device, ScalarType type = ScalarType.BFloat16, bool enabled = true)
    {
        ArgumentNullException.ThrowIfNull(device);
        (_device, _type) = (device.type, type);
        _before = AutocastFunctions.Instance.IsEnabled(_device);
        AutocastFunctions.Instance.Enter();
        AutocastFunctions.Instance.Set(_device, enabled, type);
    }

    /// <summary>Whether autocast is on for the device on this thread.</summary>
    public static bool IsEnabled(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return AutocastFunctions.Instance.IsEnabled(device.type);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AutocastFunctions.Instance.Set(_device, _before, _type);
        AutocastFunctions.Instance.Exit();
    }
}
