// A size to resize to, and the part of it that is wanted.
using System.Runtime.InteropServices;

namespace Duet.Vision;

/// <summary>A resize to <see cref="FullWidth"/> x <see cref="FullHeight"/> of which only a rectangle is wanted.</summary>
/// <param name="FullWidth">Width of the whole resized picture.</param>
/// <param name="FullHeight">Height of the whole resized picture.</param>
/// <param name="Left">Left edge of the rectangle.</param>
/// <param name="Top">Upper edge of the rectangle.</param>
/// <param name="Width">Width of the rectangle.</param>
/// <param name="Height">Height of the rectangle.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResizeWindow(int FullWidth, int FullHeight, int Left, int Top, int Width, int Height)
{
    /// <summary>The whole resized picture.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public static ResizeWindow Whole(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new(width, height, 0, 0, width, height);
    }
}
