// A run folder that cannot be used.

namespace Duet;

/// <summary>A run folder is missing, damaged, newer than this program, or otherwise unusable; the message says which file and what to
/// do.</summary>
public sealed class RunException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public RunException() { }

    /// <summary>Creates an error with a message.</summary>
    public RunException(string message)
        : base(message) { }

    /// <summary>Creates an error with its cause.</summary>
    public RunException(string message, Exception innerException)
        : base(message, innerException) { }
}

/// <summary>The reader of a pipe has closed it (<c>| head</c>): there is nobody to write for, and nothing to complain about.</summary>
public sealed class OutputClosedException() : IOException("The reader of the output has closed it.");
