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

/// <summary>A picture could not be decoded. <see cref="Reason"/> says why in a form to count, the message in words with the
/// file's name.</summary>
public sealed class ImageDecodeException : IOException
{
    /// <summary>Makes the error.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="source">The file, or another name by which the caller knows the bytes.</param>
    /// <param name="detail">What was found and what was expected.</param>
    /// <param name="inner">The cause, if another error led to this one.</param>
    public ImageDecodeException(ImageDecodeReason reason, string source, string detail, Exception? inner = null)
        : base($"{source}: {detail}", inner) => (Reason, SourceName) = (reason, source);

    /// <summary>Why the picture was refused.</summary>
    public ImageDecodeReason Reason { get; }

    /// <summary>The file, or the caller's name for the bytes.</summary>
    public string SourceName { get; }
}
