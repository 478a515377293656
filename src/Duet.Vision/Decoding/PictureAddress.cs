// Names pictures that are not files of their own: a part of a tar archive, a row of an HDF5 dataset.
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Duet.Vision;

/// <summary>
/// Where a picture lies inside a larger file, as a text that can be used wherever a picture's path can. Such a text never begins with a
/// slash, so it cannot be taken for a full path: <c>tar:OFFSET+LENGTH:PATH-LENGTH:PATH/MEMBER</c> or <c>hdf5:ROW:DATASET:PATH</c>.
/// </summary>
public sealed record PictureAddress
{
    private const string Tar = "tar:";
    private const string Hdf5 = "hdf5:";

    private PictureAddress(string container, string part, bool isRow, long offset, long length) =>
        (Container, Part, IsRow, Offset, Length) = (container, part, isRow, offset, length);

    /// <summary>The full path of the file that holds the picture.</summary>
    public string Container { get; }

    /// <summary>The archive member's name, or the dataset's.</summary>
    public string Part { get; }

    /// <summary>Whether the picture is a row of a dataset, from 0, in <see cref="Offset"/>; otherwise it is a range of bytes.</summary>
    public bool IsRow { get; }

    /// <summary>The row, or the first byte.</summary>
    public long Offset { get; }

    /// <summary>The number of bytes; 0 for a row.</summary>
    public long Length { get; }

    /// <summary>The picture file that is a member of an uncompressed tar archive.</summary>
    /// <param name="archive">The archive's full path.</param>
    /// <param name="member">The member's name, for messages.</param>
    /// <param name="offset">Its first byte in the archive.</param>
    /// <param name="length">Its length in bytes.</param>
    public static PictureAddress InTar(string archive, string member, long offset, long length) =>
        new(archive, member, isRow: false, offset, length);

    /// <summary>The pixels that are a row of an HDF5 dataset <c>[N, H, W, 3]</c>.</summary>
    /// <param name="file">The file's full path.</param>
    /// <param name="dataset">The dataset; its name holds no colon.</param>
    /// <param name="row">The row, from 0.</param>
    public static PictureAddress InHdf5(string file, string dataset, long row) => new(file, dataset, isRow: true, row, 0);

    /// <summary>Reads an address; <c>false</c> for anything else, such as a path.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PictureAddress? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address =
            text.StartsWith(Tar, StringComparison.Ordinal) ? ParseTar(text[Tar.Length..])
            : text.StartsWith(Hdf5, StringComparison.Ordinal) ? ParseHdf5(text[Hdf5.Length..])
            : null;
        return address is not null;
    }

    /// <summary>The address as a text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        IsRow
            ? string.Create(CultureInfo.InvariantCulture, $"{Hdf5}{Offset}:{Part}:{Container}")
            : string.Create(CultureInfo.InvariantCulture, $"{Tar}{Offset}+{Length}:{Container.Length}:{Container}/{Part}");

    private static PictureAddress? ParseTar(string text)
    {
        var parts = text.Split(':', 3);
        if (
            parts.Length < 3
            || parts[0].Split('+') is not [var offset, var length]
            || !Number(offset, out var from)
            || !Number(length, out var count)
            || !Number(parts[1], out var path)
            || path < 1
            || path >= parts[2].Length
            || parts[2][(int)path] != '/'
        )
        {
            return null;
        }

        return new(parts[2][..(int)path], parts[2][((int)path + 1)..], isRow: false, from, count);
    }

    private static PictureAddress? ParseHdf5(string text) =>
        text.Split(':', 3) is [var row, { Length: > 0 } dataset, { Length: > 0 } path] && Number(row, out var number)
            ? new(path, dataset, isRow: true, number, 0)
            : null;

    private static bool Number(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
