// From pixels to files.
using NetVips;

namespace Duet.Vision;

/// <summary>Encodes RGB pictures. Files appear whole or not at all: they are written under a temporary name and renamed.</summary>
public static class ImageEncoder
{
    /// <summary>Writes a PNG file.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    public static void WritePng(RgbImage image, string path) => Write(Encode(image, ImageFormat.Png), path);

    /// <summary>Writes a JPEG file.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    public static void WriteJpeg(RgbImage image, string path, int quality = 90) => Write(Encode(image, ImageFormat.Jpeg, quality), path);

    /// <summary>Encodes to bytes. WebP is lossless, GIF is reduced to a palette.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="format">Any format but <see cref="ImageFormat.Bmp"/>.</param>
    /// <param name="quality">Of JPEG: 1 (smallest) to 100 (best).</param>
    /// <exception cref="ArgumentOutOfRangeException">A format that is not written, or a quality outside 1 to 100.</exception>
    /// <exception cref="InvalidOperationException">libvips refused; the message says why.</exception>
    public static byte[] Encode(RgbImage image, ImageFormat format, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (format is not (ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.WebP or ImageFormat.Gif))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "Pictures are written as JPEG, PNG, WebP or GIF.");
        }

        VipsLibrary.Start();
        try
        {
            using var raw = Image.NewFromMemory(image.Pixels, image.Width, image.Height, bands: 3, Enums.BandFormat.Uchar);
            using var picture = raw.Copy(interpretation: Enums.Interpretation.Srgb);
            return format switch
            {
                ImageFormat.Jpeg => picture.JpegsaveBuffer(q: quality),
                ImageFormat.Png => picture.PngsaveBuffer(),
                ImageFormat.WebP => picture.WebpsaveBuffer(lossless: true),
                _ => picture.GifsaveBuffer(),
            };
        }
        catch (VipsException error)
        {
            throw new InvalidOperationException(
                $"A {image.Width} x {image.Height} picture could not be encoded as {format}: {VipsPicture.Reason(error)}",
                error
            );
        }
    }

    private static void Write(byte[] bytes, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
