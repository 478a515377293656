// The one error that decoding raises for bad input.
namespace Duet.Vision;

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
