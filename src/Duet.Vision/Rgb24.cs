// One colour, for fills and backgrounds.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>One 8-bit RGB colour.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Rgb24(byte R, byte G, byte B)
{
    /// <summary>White.</summary>
    public static Rgb24 White => new(255, 255, 255);

    /// <summary>Black.</summary>
    public static Rgb24 Black => default;
}
