// Settings in messages, by the names that they have on the command line.
using System.CommandLine;

namespace Duet.Cli.Settings;

/// <summary>
/// The library names a setting as C# (<c>MaxLost</c>) or <c>config.yaml</c> (<c>batch_size</c>) does; whoever typed an option looks for
/// that option.
/// </summary>
internal static class OptionNames
{
    // What follows a setting's name where a message begins with it.
    private static readonly string[] Verbs = ["is", "are", "names", "has"];

    /// <summary>A message whose first word is a setting, with the option of this command in its place: "MaxLost is 2" becomes "--max-lost
    /// is 2".</summary>
    /// <param name="message">A message of the library.</param>
    /// <param name="command">The command whose options were typed.</param>
    public static string In(string message, Command command) =>
        message.Split(' ', 3) is [var setting, var verb, ..]
        && Verbs.Contains(verb, StringComparer.Ordinal)
        && Of(setting, command) is { } option
            ? option + message[setting.Length..]
            : message;

    /// <summary>The option that sets a setting, or the columns that a setting lists; null where the command has none.</summary>
    /// <param name="setting">The setting's name in snake_case or PascalCase, with or without its prefix (<c>training.</c>).</param>
    /// <param name="command">The command.</param>
    public static string? Of(string setting, Command command)
    {
        var whole = Plain(setting);
        var bare = setting.Split('.', 2) is ["training" or "options" or "data", var rest] ? Plain(rest) : whole;
        string[] names = [whole, bare, Without("columns"), Without("column"), Without("s")];
        return names
            .Select(name => command.Options.FirstOrDefault(option => Is(option, name))?.Name)
            .FirstOrDefault(name => name is not null);

        string Without(string ending) => bare.EndsWith(ending, StringComparison.Ordinal) ? bare[..^ending.Length] : bare;
    }

    private static bool Is(Option option, string name) =>
        string.Equals(Plain(option.Name), name, StringComparison.Ordinal)
        || (option is SettingOption { Setting: var setting } && string.Equals(Plain(setting), name, StringComparison.Ordinal));

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
