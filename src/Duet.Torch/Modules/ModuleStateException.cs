// A checkpoint that does not fit a module.
namespace Duet.Torch.Modules;

/// <summary>A state dictionary does not fit the module it is loaded into; the message names the tensor.</summary>
public sealed class ModuleStateException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public ModuleStateException() { }

    /// <summary>Creates an error that names the tensor.</summary>
    public ModuleStateException(string message)
        : base(message) { }

    /// <summary>Creates an error with its cause.</summary>
    public ModuleStateException(string message, Exception innerException)
        : base(message, innerException) { }
}
