// Devices by the names that people type.
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch;

/// <summary>Reads device names and distinguishes devices.</summary>
public static class DeviceName
{
    extension(Device device)
    {
        /// <summary>Whether this is a CUDA card.</summary>
        public bool IsCuda => device.type == DeviceType.CUDA;
    }

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>. Whether the card exists is not asked.</summary>
    /// <exception cref="FormatException">The text names no device.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "cpu" => new Device(DeviceType.CPU),
            "cuda" => new Device(DeviceType.CUDA, 0),
            _ when text.StartsWith("cuda:", StringComparison.Ordinal)
                    && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => new Device(
                DeviceType.CUDA,
                index
            ),
            _ => throw new FormatException($"'{text}' is not a device; expected cpu, cuda or cuda:N."),
        };
    }
}
