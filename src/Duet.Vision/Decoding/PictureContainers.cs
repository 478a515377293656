// Reads pictures out of archives and HDF5 files, which stay open between pictures.
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Duet.Vision;

/// <summary>The larger files that pictures lie in. Safe for many threads; what is open closes with this object, at the latest when it is
/// collected.</summary>
internal sealed class PictureContainers
{
    private readonly ConcurrentDictionary<string, Lazy<SafeFileHandle>> _archives = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Hdf5File>> _files = new(StringComparer.Ordinal);

    /// <summary>The bytes of a picture file in an archive.</summary>
    /// <exception cref="ImageDecodeException">The archive cannot be read, or ends before the picture does.</exception>
    public byte[] ReadFile(PictureAddress address, long mostBytes)
    {
        var name = address.ToString();
        if (address.Length == 0)
        {
            throw new ImageDecodeException(ImageDecodeReason.Empty, name, "the file is empty.");
        }

        if (address.Length > mostBytes)
        {
            throw new ImageDecodeException(
                ImageDecodeReason.TooLarge,
                name,
                $"the file has {address.Length} bytes, more than the limit of {mostBytes}."
            );
        }

        try
        {
            var archive = _archives.GetOrAdd(address.Container, path => new(() => File.OpenHandle(path))).Value;
            if (address.Offset > RandomAccess.GetLength(archive) - address.Length)
            {
                throw new ImageDecodeException(ImageDecodeReason.Corrupt, name, "the archive ends before the picture does.");
            }

            var bytes = new byte[address.Length];
            for (var at = 0; at < bytes.Length; )
            {
                var read = RandomAccess.Read(archive, bytes.AsSpan(at), address.Offset + at);
                at +=
                    read > 0
                        ? read
                        : throw new ImageDecodeException(ImageDecodeReason.Corrupt, name, "the archive ends before the picture does.");
            }

            return bytes;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException and not ImageDecodeException)
        {
            throw new ImageDecodeException(ImageDecodeReason.Missing, name, $"the archive cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The height, width and pixels of a picture in a dataset.</summary>
    /// <param name="address">The picture.</param>
    /// <param name="check">Gets width and height before the pixels are read.</param>
    /// <exception cref="ImageDecodeException">The file or the row cannot be read.</exception>
    public RgbImage ReadPixels(PictureAddress address, Action<int, int> check)
    {
        var name = address.ToString();
        try
        {
            var file = _files.GetOrAdd(address.Container, path => new(() => Hdf5File.Open(path))).Value;
            var dataset = file.Find(address.Part);
            if (!dataset.IsPictures || dataset.Shape[1] > int.MaxValue || dataset.Shape[2] > int.MaxValue)
            {
                throw new ImageDecodeException(
                    ImageDecodeReason.UnsupportedFormat,
                    name,
                    "pictures in HDF5 are unsigned bytes of the shape [N, H, W, 3]."
                );
            }

            if (address.Offset >= dataset.Shape[0])
            {
                throw new ImageDecodeException(ImageDecodeReason.Missing, name, $"the dataset has {dataset.Shape[0]} rows.");
            }

            check((int)dataset.Shape[2], (int)dataset.Shape[1]);
            return new((int)dataset.Shape[2], (int)dataset.Shape[1], file.ReadBytes(address.Part, address.Offset, 1));
        }
        catch (TableException error)
        {
            throw new ImageDecodeException(ImageDecodeReason.Corrupt, name, error.Message, error);
        }
    }
}
