// A setting outside its range.
namespace Duet;

/// <summary>An option has a value that cannot work; the message names the option, the value, the range and the reason.</summary>
public sealed class OptionException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public OptionException() { }

    /// <summary>Creates an error with a message.</summary>
    public OptionException(string message)
        : base(message) { }

    /// <summary>Creates an error with its cause.</summary>
    public OptionException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Throws unless <paramref name="lowest"/> &lt;= value &lt;= <paramref name="highest"/>.</summary>
    /// <param name="option">The option's name as users write it.</param>
    /// <param name="value">Its value.</param>
    /// <param name="lowest">The smallest allowed value.</param>
    /// <param name="highest">The largest allowed value.</param>
    /// <param name="reason">Why the limits are there.</param>
    /// <exception cref="OptionException">The value is outside.</exception>
    public static void Require(string option, double value, double lowest, double highest, string reason)
    {
        if (!(value >= lowest && value <= highest))
        {
            throw new OptionException(
                FormattableString.Invariant($"{option} is {value}; it must be between {lowest} and {highest}: {reason}.")
            );
        }
    }

    /// <summary>Throws with a message where a condition does not hold.</summary>
    /// <exception cref="OptionException">The condition does not hold.</exception>
    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new OptionException(message);
        }
    }
}
