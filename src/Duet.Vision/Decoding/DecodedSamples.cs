// From what libvips gives to what Pillow would call it; alpha made from a transparent colour is not alpha there.
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Duet.Vision;

internal static class DecodedSamples
{
    /// <summary>Makes a raster of decoded samples, which are kept where they fit as they are.</summary>
    /// <param name="picture">Where the samples came from.</param>
    /// <param name="samples">All samples of the picture.</param>
    /// <param name="header">What the file says about itself.</param>
    /// <param name="keepAlpha">Whether transparency is wanted even where the file's kind of pixels has none.</param>
    public static RasterImage Shape(VipsPicture picture, byte[] samples, ImageHeader header, bool keepAlpha)
    {
        var bands = picture.Bands;
        if (picture.Bits == 16 && !(header.Mode == PixelMode.Grey16 && bands == 1))
        {
            samples =
                header.Mode == PixelMode.Grey16 && !keepAlpha
                    ? Bands.Keep(samples, bands * 2, 2)
                    : Bands.UpperBytes(MemoryMarshal.Cast<byte, ushort>(samples));
            bands = header.Mode == PixelMode.Grey16 && !keepAlpha ? 1 : bands;
        }

        var mode = (header.Mode, bands) switch
        {
            (PixelMode.Grey16, 1) => PixelMode.Grey16,
            (PixelMode.Palette, 3 or 4) when !keepAlpha => PixelMode.Palette,
            (PixelMode.Bilevel, 1 or 2) when !keepAlpha => PixelMode.Bilevel,
            (PixelMode.Grey, _) when !keepAlpha => PixelMode.Grey,
            (PixelMode.Rgb, 3 or 4) when !keepAlpha => PixelMode.Rgb,
            (_, 1) => PixelMode.Grey,
            (_, 2) => PixelMode.GreyAlpha,
            (_, 3) => PixelMode.Rgb,
            (_, 4) => header.Format == ImageFormat.Jpeg ? PixelMode.Cmyk : PixelMode.Rgba,
            _ => throw new UnreachableException($"libvips gave {bands} bands"),
        };
        var wanted = RasterImage.BytesIn(mode);
        if (mode != PixelMode.Grey16 && wanted != bands)
        {
            samples = Bands.Keep(samples, bands, wanted);
        }

        return new(mode, picture.Width, picture.Height, samples, header.PaletteZero);
    }
}
