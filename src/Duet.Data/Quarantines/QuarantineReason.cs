// Why a row or a picture was set aside.
namespace Duet.Data;

/// <summary>Why a row or a picture was set aside. Written to <c>quarantine.csv</c> in snake case.</summary>
public enum QuarantineReason
{
    /// <summary>The row has more or fewer fields than the header.</summary>
    FieldCount,

    /// <summary>The row breaks the format: a quote that is never closed, invalid JSON.</summary>
    MalformedRow,

    /// <summary>The row holds bytes that are not UTF-8.</summary>
    InvalidEncoding,

    /// <summary>A field or the whole row is over its size limit.</summary>
    FieldTooLarge,

    /// <summary>The split column's value is not a known split.</summary>
    UnknownSplit,

    /// <summary>The split column is empty: the row belongs to no part.</summary>
    EmptySplit,

    /// <summary>The picture's path is absolute or leads out of the allowed folders.</summary>
    ImagePathRefused,

    /// <summary>The cell looks like a list of pictures, and no file has that name.</summary>
    ImageList,

    /// <summary>The picture file does not exist.</summary>
    ImageMissing,

    /// <summary>The picture was named as a placeholder (<see cref="TableOptions.Placeholders"/>); it counts as an empty cell.</summary>
    ImagePlaceholder,

    /// <summary>The picture is larger (in bytes or pixels) than allowed.</summary>
    ImageTooLarge,

    /// <summary>The picture is too small, or too long a strip, to show anything.</summary>
    ImageShape,

    /// <summary>The file is not a picture of an allowed kind.</summary>
    ImageUnsupported,

    /// <summary>The picture cannot be decoded.</summary>
    ImageBroken,

    /// <summary>The product has no text where the table has a column for it; it is used with its picture.</summary>
    EmptyText,

    /// <summary>The product has neither a picture nor text.</summary>
    NothingToClassify,
}
