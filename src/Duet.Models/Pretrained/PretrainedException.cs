// A published checkpoint that cannot be used.
namespace Duet.Models.Pretrained;

/// <summary>
/// A pre-trained source is of another architecture, incomplete, damaged, or does not fit a system; the message names the file and the
/// tensor or setting, says what was expected and what to do.
/// </summary>
public sealed class PretrainedException : IOException
{
    /// <summary>Creates an error without a message.</summary>
    public PretrainedException() { }

    /// <summary>Creates an error with a message.</summary>
    public PretrainedException(string message)
        : base(message) { }

    /// <summary>Whether the source that was named is not there at all.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Creates an error with its cause.</summary>
    public PretrainedException(string message, Exception innerException)
        : base(message, innerException) { }
}
