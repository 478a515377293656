// A run that cannot go on.
namespace Duet.Training;

/// <summary>Training stopped for a reason the message names, with the step and what to change.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public TrainingException() { }

    /// <summary>Creates an error with a message.</summary>
    public TrainingException(string message)
        : base(message) { }

    /// <summary>Creates an error with its cause.</summary>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException) { }
}
