// How the samples of a decoded picture are to be read; resizing follows other rules in each of them.
namespace Duet.Vision;

/// <summary>The kind of picture a file holds, in the terms of the Python Imaging Library, whose resizing rules the
/// published preprocessing inherits.</summary>
public enum PixelMode
{
    /// <summary>Black and white, one bit in the file; one byte (0 or 255) per pixel here. Resized by nearest neighbour.</summary>
    Bilevel,

    /// <summary>Colours from a palette, looked up already: RGB bytes. Resized by nearest neighbour.</summary>
    Palette,

    /// <summary>Grey, one byte per pixel.</summary>
    Grey,

    /// <summary>Grey with 16 bits, two bytes per pixel in the machine's order. Resized as whole numbers.</summary>
    Grey16,

    /// <summary>Grey and alpha, two bytes per pixel. Resized with grey multiplied by alpha.</summary>
    GreyAlpha,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Red, green, blue, alpha. Resized with colours multiplied by alpha.</summary>
    Rgba,

    /// <summary>Cyan, magenta, yellow, black; 255 is full ink. Resized as inks.</summary>
    Cmyk,
}
