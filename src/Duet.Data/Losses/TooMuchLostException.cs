// The error of a job that stops because too much of its table is lost.
namespace Duet.Data;

/// <summary>More rows, pictures or texts of a table are lost than the job's <see cref="LossLimit"/> allows; the message gives the commonest
/// reasons.</summary>
/// <param name="message">What was lost, why, and what to do.</param>
/// <param name="losses">The losses by kind.</param>
public sealed class TooMuchLostException(string message, Losses losses) : TableException(message)
{
    /// <summary>What was lost until the job stopped.</summary>
    public Losses Losses { get; } = losses;
}
