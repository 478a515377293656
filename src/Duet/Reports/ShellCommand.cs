// Writes commands that can be pasted into a shell.

namespace Duet.Reports;

/// <summary>Quotes the words of a command.</summary>
public static class ShellCommand
{
    /// <summary>The program's own name, the first word of its commands.</summary>
    public const string Program = "duet";

    /// <summary>Words as one line; null is left out. What a shell would take apart is quoted.</summary>
    public static string Of(params IEnumerable<string?> words) => string.Join(' ', words.OfType<string>().Select(Quote));

    // A line break inside quotes is no danger to a shell, but one cannot see what one pastes: it is left out.
    private static string Quote(string word)
    {
        var line = string.Concat(word.Where(letter => !char.IsControl(letter)));
        return
            line.Length > 0
            && line.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,+@%".Contains(letter, StringComparison.Ordinal))
            ? line
            : $"'{line.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}

/// <summary>A command line.</summary>
/// <param name="Purpose">What it makes.</param>
/// <param name="Command">The command, quoted for a shell.</param>
public sealed record RepeatCommand(string Purpose, string Command);
