// An operator of the stable interface that failed.
namespace Duet.Torch;

/// <summary>
/// libtorch refused a call through its stable C interface; the interface prints the reason to standard error and does not give it. What
/// TorchSharp calls itself fails with <see cref="System.Runtime.InteropServices.ExternalException"/> and libtorch's message.
/// </summary>
public sealed class TorchException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public TorchException() { }

    /// <summary>Creates an error with a message.</summary>
    public TorchException(string message)
        : base(message) { }

    /// <summary>Creates an error with a message and its cause.</summary>
    public TorchException(string message, Exception innerException)
        : base(message, innerException) { }
}
