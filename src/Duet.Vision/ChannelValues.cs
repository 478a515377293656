// One number per colour channel.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>One number for each of red, green and blue.</summary>
/// <param name="R">For red.</param>
/// <param name="G">For green.</param>
/// <param name="B">For blue.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct ChannelValues(float R, float G, float B)
{
    /// <summary>The number of a channel, 0 to 2.</summary>
    /// <param name="channel">0 red, 1 green, 2 blue.</param>
    public float this[int channel] =>
        channel switch
        {
            0 => R,
            1 => G,
            2 => B,
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Channels are 0 (red), 1 (green) and 2 (blue)."),
        };

    /// <summary>The same number for all three.</summary>
    /// <param name="value">The number.</param>
    public static ChannelValues All(float value) => new(value, value, value);
}
