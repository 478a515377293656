// Where jobs write: checked before the work begins.
using Duet.Data;
using Duet.Torch.Safetensors;

namespace Duet.Inference;

/// <summary>Output files and the quarantine list beside them.</summary>
internal static class OutputFile
{
    /// <summary>The full path, in a folder that exists.</summary>
    /// <exception cref="TableException">The output would replace the table it is made from.</exception>
    /// <exception cref="IOException">The path is a folder, or its folder cannot be made.</exception>
    public static string Prepare(string output, string table)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        var full = Path.GetFullPath(output);
        if (string.Equals(DirectOutput.Follow(full), DirectOutput.Follow(table), StringComparison.Ordinal))
        {
            throw new TableException($"The output {full} is the table itself; name another file.") { File = full };
        }

        if (Directory.Exists(full))
        {
            throw new IOException($"{full} is a folder; name a file to write.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>What the name of a list of what was set aside ends with, after the output's own.</summary>
    public const string QuarantineExtension = ".quarantine.csv";

    /// <summary>The list of what was set aside, beside an output; null where the output is not a file that others could be
    /// beside.</summary>
    public static string? QuarantineOf(string output) => DirectOutput.Is(output) ? null : output + QuarantineExtension;

    /// <summary>Does a job; where it stops because too much is lost, the list says what, though there is no output.</summary>
    public static void Listing(string output, Quarantine quarantine, Action job)
    {
        try
        {
            job();
        }
        catch (TooMuchLostException)
        {
            WriteQuarantine(output, quarantine);
            throw;
        }
    }

    /// <summary>Writes <c>OUTPUT.quarantine.csv</c>, or removes that of an earlier job where nothing was set aside.</summary>
    /// <returns>The file, or nothing.</returns>
    public static IReadOnlyList<string> WriteQuarantine(string output, Quarantine quarantine)
    {
        if (QuarantineOf(output) is not { } path)
        {
            return [];
        }

        if (quarantine.Count == 0)
        {
            File.Delete(path);
            return [];
        }

        quarantine.Write(path);
        return [path];
    }
}
