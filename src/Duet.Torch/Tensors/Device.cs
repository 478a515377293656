// Where a tensor lives.
using System.Globalization;

namespace Duet.Torch;

/// <summary>A device: the CPU or one CUDA card.</summary>
/// <param name="IsCuda">Whether this is a CUDA card.</param>
/// <param name="Index">The card's number; 0 for the CPU.</param>
public readonly record struct Device(bool IsCuda, int Index)
{
    /// <summary>The CPU.</summary>
    public static Device Cpu => default;

    /// <summary>The CUDA card of the given number.</summary>
    public static Device Cuda(int index = 0) => new(true, index);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="FormatException">The text names no device.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "cpu" => Cpu,
            "cuda" => Cuda(),
            _ when text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => Cuda(index),
            _ => throw new FormatException($"'{text}' is no device; expected cpu, cuda or cuda:N."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => IsCuda ? $"cuda:{Index}" : "cpu";

    // c10::DeviceType: CPU 0, CUDA 1; the low byte is the index, -1 for the CPU as libtorch itself has it.
    internal long Encoded => IsCuda ? (1 << 8) | Index : 0xff;

    internal static Device Decode(int encoded) => (encoded >> 8) switch
    {
        0 => Cpu,
        1 => Cuda(encoded & 0xff),
        var type => throw new TorchException($"device type {type} is not supported"),
    };
}
