// A product that a model cannot look at.
namespace Duet.Inference;

/// <summary>A product has nothing that the model looks at; the message says what it needs.</summary>
public sealed class ProductInputException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public ProductInputException() { }

    /// <summary>Creates an error with a message.</summary>
    public ProductInputException(string message)
        : base(message) { }

    /// <summary>Creates an error with its cause.</summary>
    public ProductInputException(string message, Exception innerException)
        : base(message, innerException) { }
}
