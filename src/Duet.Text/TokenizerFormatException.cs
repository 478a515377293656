// The one error of every vocabulary or tokenizer file that cannot be used.
namespace Duet.Text;

/// <summary>A tokenizer or vocabulary file is damaged, too large, or of a kind this library does not read.</summary>
public sealed class TokenizerFormatException : IOException
{
    /// <summary>Creates an error that names no file.</summary>
    public TokenizerFormatException()
        : this("The tokenizer file cannot be read.") { }

    /// <summary>Creates an error with a message.</summary>
    public TokenizerFormatException(string message)
        : base(message) { }

    /// <summary>Creates an error with a message and its cause.</summary>
    public TokenizerFormatException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Creates an error that names the file and says what is wrong with it.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="problem">What was found and what was expected.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public TokenizerFormatException(string file, string problem, Exception? innerException)
        : base($"{file}: {problem}", innerException)
    {
        File = file;
    }

    /// <summary>The file's path, or null where the error is not about one file.</summary>
    public string? File { get; }
}
