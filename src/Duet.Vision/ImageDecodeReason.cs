// Why a picture could not be had; what quarantine lists count by.
namespace Duet.Vision;

/// <summary>Why a picture was refused.</summary>
public enum ImageDecodeReason
{
    /// <summary>There is no such file, or it is a folder, or it may not be read.</summary>
    Missing,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The first bytes are not those of any known picture format, whatever the name says.</summary>
    NotAnImage,

    /// <summary>A picture, but in a format (or a variety of one) that is not on the allow-list.</summary>
    UnsupportedFormat,

    /// <summary>A picture that was declared to be a placeholder: it shows that there is none.</summary>
    Placeholder,

    /// <summary>More bytes or pixels than <see cref="DecodeLimits"/> allows.</summary>
    TooLarge,

    /// <summary>Fewer pixels along a side than <see cref="DecodeLimits.MinimumSide"/>.</summary>
    TooSmall,

    /// <summary>A strip, longer than <see cref="DecodeLimits.MaxAspectRatio"/> allows.</summary>
    ExtremeShape,

    /// <summary>The right first bytes, but cut off or damaged.</summary>
    Corrupt,
}
