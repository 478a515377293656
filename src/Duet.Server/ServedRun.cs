// A run to serve.
namespace Duet.Server;

/// <summary>A run folder under the name that requests call it by.</summary>
/// <param name="Name">The name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
/// <param name="Folder">The run folder.</param>
public sealed record ServedRun(string Name, string Folder)
{
    private const int MaxName = 64;

    /// <summary>A run under its folder's name.</summary>
    /// <param name="folder">The run folder.</param>
    public static ServedRun Of(string folder)
    {
        var name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar));
        var plain = string.Concat(name.Where(IsNameCharacter).Take(MaxName));
        return new ServedRun(plain.Length == 0 ? "model" : plain, folder);
    }

    /// <summary>Reads <c>NAME=RUN</c>.</summary>
    /// <exception cref="OptionException">It is not of that form.</exception>
    public static ServedRun Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('=', 2);
        OptionException.Require(
            parts is [{ Length: > 0 and <= MaxName } name, { Length: > 0 }] && name.All(IsNameCharacter),
            $"Model is '{text}'; write NAME=RUN, for instance shoes=runs/shoes: a name of letters, digits, -, _ and . (64 at most), and a "
                + "run folder."
        );
        return new ServedRun(parts[0], parts[1]);
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';
}
