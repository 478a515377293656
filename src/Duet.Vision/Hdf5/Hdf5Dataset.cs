// What an HDF5 file says about one of its datasets.
using Duet.Hdf5;

namespace Duet.Vision;

/// <summary>A dataset in the root group of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Element">What its elements are.</param>
/// <param name="IsUtf8">Whether the file declares its texts as UTF-8; otherwise their encoding is unknown.</param>
/// <param name="Shape">Its sizes; the first counts rows.</param>
public sealed record Hdf5Dataset(string Name, Hdf5Element Element, bool IsUtf8, IReadOnlyList<long> Shape)
{
    /// <summary>Elements per row.</summary>
    public long RowLength => Shape.Skip(1).Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Whether the elements are text.</summary>
    public bool IsText => Element is Hdf5Element.FixedText or Hdf5Element.VariableText;

    /// <summary>Whether the rows are pictures: bytes of the shape <c>[N, H, W, 3]</c>.</summary>
    public bool IsPictures => Element == Hdf5Element.Bytes && Shape is [_, > 0, > 0, 3];

    /// <summary>Whether every row is one text or number: shape <c>[N]</c> or <c>[N, 1]</c>.</summary>
    public bool IsColumn => Element != Hdf5Element.Other && Shape.Count is 1 or 2 && (Shape.Count == 1 || Shape[1] == 1);
}
