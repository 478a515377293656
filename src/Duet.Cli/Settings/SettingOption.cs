// An option of the command line that sets one setting of a recipe.
using System.CommandLine;

namespace Duet.Cli.Settings;

/// <summary>A common setting with an option of its own; the text is checked like every other value of a setting.</summary>
internal sealed class SettingOption : Option<string?>
{
    /// <summary>Creates the option.</summary>
    /// <param name="setting">The setting, in snake_case; the option is <c>--</c> and the same in kebab-case.</param>
    /// <param name="placeholder">The placeholder of the value in the help.</param>
    /// <param name="description">What it does, with its default and range.</param>
    /// <param name="name">The option without dashes, where it is not the setting's own name.</param>
    public SettingOption(string setting, string placeholder, string description, string? name = null)
        : base("--" + (name ?? setting).Replace('_', '-'))
    {
        (Setting, HelpName, Description) = (setting, placeholder, description);
    }

    /// <summary>The setting's name.</summary>
    public string Setting { get; }

    /// <summary>A word that stands in the place of a value and switches another setting on (any value switches it off); null where there is
    /// none.</summary>
    public (string Word, string Setting)? Switch { get; init; }

    /// <summary>The settings that a value of the option stands for.</summary>
    public IEnumerable<(string Setting, string Value)> Assignments(string value) =>
        Switch switch
        {
            null => [(Setting, value)],
            var (word, other) when string.Equals(value, word, StringComparison.OrdinalIgnoreCase) => [(other, "true")],
            var (_, other) => [(other, "false"), (Setting, value)],
        };

    /// <summary>A copy of a record with every setting that was given.</summary>
    /// <exception cref="Duet.OptionException">A value does not have its type.</exception>
    public static T Apply<T>(IEnumerable<SettingOption> offered, ParseResult parsed, T record)
        where T : notnull =>
        offered
            .SelectMany(option => parsed.GetValue(option) is { } value ? option.Assignments(value) : [])
            .Aggregate(record, (settled, given) => SettingList.With(settled, given.Setting, given.Value));
}
