// Errors reported by libtorch.
namespace Duet.Torch;

/// <summary>An operator or another native function failed; the message is libtorch's own.</summary>
public sealed class TorchException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public TorchException()
    {
    }

    /// <summary>Creates an error with libtorch's message.</summary>
    public TorchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and its cause.</summary>
    public TorchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
