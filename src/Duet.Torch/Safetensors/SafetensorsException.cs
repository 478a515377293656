// The one error of a safetensors file that does not hold what the format promises.
namespace Duet.Torch.Safetensors;

/// <summary>A safetensors file, or an index of several, is not what it should be. The message names the file and the entry.</summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>An error without a known file.</summary>
    public SafetensorsException()
        : this("The safetensors file is not valid.") { }

    /// <summary>An error without a known file.</summary>
    public SafetensorsException(string message)
        : base(message) { }

    /// <summary>An error without a known file, with its cause.</summary>
    public SafetensorsException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>An error of a file, and of an entry where one is concerned.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">The tensor's name, or null where the whole file is concerned.</param>
    /// <param name="problem">What is wrong and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public SafetensorsException(string path, string? entry, string problem, Exception? innerException = null)
        : base(entry is null ? $"{path}: {problem}" : $"{path}: tensor '{Shorten(entry)}': {problem}", innerException)
    {
        (Path, Entry) = (path, entry);
    }

    /// <summary>The file, where known.</summary>
    public string? Path { get; }

    /// <summary>The tensor's name, where one is concerned.</summary>
    public string? Entry { get; }

    // A hostile header may hold names of many megabytes; a message must stay readable.
    internal static string Shorten(string name) => name.Length <= 200 ? name : string.Concat(name.AsSpan(0, 200), "...");
}
