// From files or bytes to pixels: allow-list, limits, then libvips (or the own bitmap reader).
using System.Buffers;
using System.Security.Cryptography;
using NetVips;

namespace Duet.Vision;

/// <summary>Decodes JPEG, PNG, WebP, GIF (first frame) and BMP, recognised by content and never by name. Safe to use from many
/// threads at once; each call decodes in the thread that makes it.</summary>
public sealed class ImageDecoder
{
    private readonly PictureContainers _containers = new();

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">How to decode; null for the defaults.</param>
    /// <param name="limits">What to refuse; null for the defaults.</param>
    public ImageDecoder(DecodeOptions? options = null, DecodeLimits? limits = null) =>
        (Options, Limits) = (options ?? new(), limits ?? new());

    /// <summary>How pictures are decoded by <see cref="Decode(string)"/>.</summary>
    public DecodeOptions Options { get; }

    /// <summary>What is refused.</summary>
    public DecodeLimits Limits { get; }

    /// <summary>Decodes a file to RGB: the fast way, by <see cref="Options"/>.</summary>
    /// <param name="path">The file, or the text of a <see cref="PictureAddress"/>.</param>
    /// <exception cref="ImageDecodeException">The file is missing, refused or damaged; nothing else is thrown for bad
    /// input.</exception>
    public RgbImage Decode(string path)
    {
        if (PictureAddress.TryParse(path, out var address))
        {
            return address.IsRow ? Reduce(ReadPixels(address)) : Decode(_containers.ReadFile(address, Limits.MaxFileBytes), path);
        }

        var (buffer, length) = ReadFile(path);
        try
        {
            return Decode(buffer.AsSpan(0, length), path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes the bytes of a file to RGB: the fast way, by <see cref="Options"/>.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="ImageDecodeException">The bytes are refused or damaged.</exception>
    public RgbImage Decode(ReadOnlySpan<byte> bytes, string name) =>
        Reduce(DecodeOwn(bytes, name, Options, keepAlpha: Options.Background is not null).ToRgb(Options.Background));

    /// <summary>Decodes a file in full and in its own kind of pixels, not turned: the exact way that published preprocessing
    /// starts from. <see cref="Options"/> play no part.</summary>
    /// <param name="path">The file, or the text of a <see cref="PictureAddress"/>.</param>
    /// <exception cref="ImageDecodeException">The file is missing, refused or damaged.</exception>
    public RasterImage DecodeRaster(string path)
    {
        if (PictureAddress.TryParse(path, out var address))
        {
            return address.IsRow && ReadPixels(address) is var image
                ? new(PixelMode.Rgb, image.Width, image.Height, image.Pixels)
                : DecodeRaster(_containers.ReadFile(address, Limits.MaxFileBytes), path);
        }

        var (buffer, length) = ReadFile(path);
        try
        {
            return DecodeRaster(buffer.AsSpan(0, length), path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes the bytes of a file in full and in its own kind of pixels, not turned.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="ImageDecodeException">The bytes are refused or damaged.</exception>
    public RasterImage DecodeRaster(ReadOnlySpan<byte> bytes, string name) =>
        DecodeOwn(bytes, name, new DecodeOptions { AutoOrient = false }, keepAlpha: false);

    /// <summary>Reads the size of a picture from its header and checks it against <see cref="Limits"/>; no pixel is decoded. Pictures that
    /// are turned on decoding have the size they are stored with.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="ImageDecodeException">The bytes are refused, or their header is damaged.</exception>
    public (int Width, int Height) Measure(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
        {
            throw new ImageDecodeException(ImageDecodeReason.Empty, name, "the file is empty.");
        }

        CheckFileSize(bytes.Length, name);
        var header = ImageHeader.Read(bytes, name);
        if (header.Format == ImageFormat.Bmp)
        {
            var size = BmpReader.Measure(bytes, name);
            CheckSize(size.Width, size.Height, name);
            return size;
        }

        try
        {
            using var picture = VipsPicture.Open(bytes, header.Format);
            CheckSize(picture.Width, picture.Height, name);
            return (picture.Width, picture.Height);
        }
        catch (VipsException error)
        {
            throw Damaged(name, header, error);
        }
    }

    /// <summary>What makes two pictures the same: the SHA-256 of the file's bytes, or of the pixels where there is no file.</summary>
    /// <param name="path">The file, or the text of a <see cref="PictureAddress"/>.</param>
    /// <exception cref="ImageDecodeException">The file cannot be read or is refused; nothing is decoded.</exception>
    public byte[] HashContent(string path)
    {
        if (PictureAddress.TryParse(path, out var address))
        {
            return SHA256.HashData(address.IsRow ? ReadPixels(address).Pixels : _containers.ReadFile(address, Limits.MaxFileBytes));
        }

        var (buffer, length) = ReadFile(path);
        try
        {
            return SHA256.HashData(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private RgbImage Reduce(RgbImage image)
    {
        var surplus = Options.MinimumSide > 0 ? Math.Min(image.Width, image.Height) / Options.MinimumSide : 0;
        return surplus > 1 ? PillowResampler.Resize(image, image.Width / surplus, image.Height / surplus, Interpolation.Box) : image;
    }

    private RgbImage ReadPixels(PictureAddress address)
    {
        var image = _containers.ReadPixels(address, (width, height) => CheckSize(width, height, address.ToString()));
        CheckPlaceholder(image.Pixels, address.ToString());
        return image;
    }

    private void CheckPlaceholder(ReadOnlySpan<byte> content, string name)
    {
        if (
            Limits.Placeholders.Count > 0
            && Limits.Placeholders.Contains(Convert.ToHexString(SHA256.HashData(content)), StringComparer.OrdinalIgnoreCase)
        )
        {
            throw new ImageDecodeException(ImageDecodeReason.Placeholder, name, "the picture is a placeholder that was named as one.");
        }
    }

    private RasterImage DecodeOwn(ReadOnlySpan<byte> bytes, string name, DecodeOptions options, bool keepAlpha)
    {
        if (bytes.IsEmpty)
        {
            throw new ImageDecodeException(ImageDecodeReason.Empty, name, "the file is empty.");
        }

        CheckFileSize(bytes.Length, name);
        CheckPlaceholder(bytes, name);
        var header = ImageHeader.Read(bytes, name);
        return header.Format == ImageFormat.Bmp
            ? BmpReader.Read(bytes, name, (width, height) => CheckSize(width, height, name))
            : DecodeWithVips(bytes, name, header, options, keepAlpha);
    }

    private RasterImage DecodeWithVips(ReadOnlySpan<byte> bytes, string name, ImageHeader header, DecodeOptions options, bool keepAlpha)
    {
        try
        {
            using var picture = VipsPicture.Open(bytes, header.Format);
            CheckSize(picture.Width, picture.Height, name);
            picture.Shrink(options.MinimumSide);
            if (options.AutoOrient)
            {
                picture.TurnUpright();
            }

            if (picture.Length > Array.MaxLength)
            {
                throw new ImageDecodeException(
                    ImageDecodeReason.TooLarge,
                    name,
                    $"{picture.Width} x {picture.Height} pixels of {picture.Bands} x {picture.Bits} bits do not fit one array of 2 GiB."
                );
            }

            return DecodedSamples.Shape(picture, picture.Read(), header, keepAlpha);
        }
        catch (VipsException error)
        {
            throw Damaged(name, header, error);
        }
    }

    private static ImageDecodeException Damaged(string name, ImageHeader header, VipsException error) =>
        new(ImageDecodeReason.Corrupt, name, $"the {header.Format} is damaged or cut off ({VipsPicture.Reason(error)}).");

    private (byte[] Buffer, int Length) ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[]? buffer = null;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new ImageDecodeException(
                    ImageDecodeReason.Missing,
                    path,
                    Directory.Exists(path) ? "this is a folder, not a picture file." : "there is no such file."
                );
            }

            // Devices and pipes have no length either; opening one could wait for ever.
            if (file.Length == 0)
            {
                throw new ImageDecodeException(ImageDecodeReason.Empty, path, "the file is empty.");
            }

            CheckFileSize(file.Length, path);
            using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            buffer = ArrayPool<byte>.Shared.Rent((int)file.Length);
            var length = 0;
            while (
                length < file.Length
                && RandomAccess.Read(handle, buffer.AsSpan(length, (int)file.Length - length), length) is > 0 and var read
            )
            {
                length += read;
            }

            return (buffer, length);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException and not ImageDecodeException)
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            throw new ImageDecodeException(ImageDecodeReason.Missing, path, $"the file cannot be read: {error.Message}", error);
        }
    }

    private void CheckFileSize(long bytes, string name)
    {
        if (bytes > Limits.MaxFileBytes)
        {
            throw new ImageDecodeException(
                ImageDecodeReason.TooLarge,
                name,
                $"the file has {bytes} bytes, more than the limit of {Limits.MaxFileBytes}."
            );
        }
    }

    private void CheckSize(int width, int height, string name)
    {
        if ((long)width * height > Limits.MaxPixels)
        {
            throw new ImageDecodeException(
                ImageDecodeReason.TooLarge,
                name,
                $"the header claims {width} x {height} pixels, more than the limit of {Limits.MaxPixels}."
            );
        }

        if (Math.Max(width, height) > (long)Limits.MaxAspectRatio * Math.Min(width, height))
        {
            throw new ImageDecodeException(
                ImageDecodeReason.ExtremeShape,
                name,
                $"{width} x {height} pixels; the longer side may be at most {Limits.MaxAspectRatio} times the shorter one."
            );
        }

        if (Math.Min(width, height) < Limits.MinimumSide)
        {
            throw new ImageDecodeException(
                ImageDecodeReason.TooSmall,
                name,
                $"{width} x {height} pixels; each side must have at least {Limits.MinimumSide}."
            );
        }
    }
}
