// Finds out which part of a run's configuration a setting belongs to.
using Duet.Data;
using Duet.Models;
using Duet.Runs;

namespace Duet.Cli.Settings;

/// <summary>Changes settings of a run by name: those of the recipe (<c>training.</c>) and those of the model (<c>options.</c>).</summary>
internal static class Recipe
{
    private const string TrainingPrefix = "training.";
    private const string OptionsPrefix = "options.";

    // What a run that goes on may have in another way than it began.
    private static readonly string[] Changeable = ["epochs", "threads", "adapt_threads"];

    /// <summary>Whether a run that goes on may have another value of a setting, by its full name.</summary>
    public static bool MayChange(string name) =>
        Changeable.Any(setting => string.Equals(name, TrainingPrefix + setting, StringComparison.Ordinal));

    /// <summary>Applies <c>name=value</c> texts in their order.</summary>
    /// <exception cref="UsageException">A text has no equals sign.</exception>
    /// <exception cref="OptionException">There is no such setting, or the value does not have its type.</exception>
    public static RunConfiguration Apply(RunConfiguration configuration, IEnumerable<string> assignments) =>
        assignments.Aggregate(
            configuration,
            (current, assignment) =>
                assignment.Split('=', 2) is [{ Length: > 0 } name, var value]
                    ? Apply(current, name.Trim(), value.Trim())
                    : throw new UsageException(
                        $"--set takes name=value, not '{assignment}'; for instance --set fusion_layers=3. `duet train "
                            + $"--list-settings` shows the names."
                    )
        );

    /// <summary>Applies one setting.</summary>
    /// <exception cref="OptionException">There is no such setting, or the value does not have its type.</exception>
    public static RunConfiguration Apply(RunConfiguration configuration, string name, string value)
    {
        var training = SettingList.Of(configuration.Training).Select(setting => setting.Name).ToList();
        var options = SettingList.Of(configuration.Options).Select(setting => setting.Name).ToList();
        var bare =
            name.StartsWith(TrainingPrefix, StringComparison.Ordinal) ? name[TrainingPrefix.Length..]
            : name.StartsWith(OptionsPrefix, StringComparison.Ordinal) ? name[OptionsPrefix.Length..]
            : name;
        var inTraining = training.Contains(bare, StringComparer.Ordinal) && !name.StartsWith(OptionsPrefix, StringComparison.Ordinal);
        var inOptions = options.Contains(bare, StringComparer.Ordinal) && !name.StartsWith(TrainingPrefix, StringComparison.Ordinal);
        return (inTraining, inOptions) switch
        {
            (true, false) => configuration with { Training = SettingList.With(configuration.Training, bare, value) },
            (false, true) => configuration with { Options = SettingList.With(configuration.Options, bare, value) },
            (true, true) => throw new OptionException(
                $"'{name}' is a setting of the recipe and of the model; write {TrainingPrefix}{name} or {OptionsPrefix}{name}."
            ),
            _ => throw Unknown(name, [.. training, .. options]),
        };
    }

    /// <summary>Whether a <c>name=value</c> text sets this setting of the recipe.</summary>
    public static bool IsOfTraining(string assignment, string setting) =>
        assignment.Split('=')[0].Trim() is var name
        && (name.Equals(setting, StringComparison.Ordinal) || name.Equals(TrainingPrefix + setting, StringComparison.Ordinal));

    /// <summary>Every setting of a run by its full name, for comparing and listing.</summary>
    public static IReadOnlyList<Setting> All(RunConfiguration configuration) =>
        [
            new("model", typeof(string), configuration.Model),
            new("preset", typeof(string), configuration.Preset),
            .. SettingList.Of(configuration.Data).Select(setting => setting with { Name = "data." + setting.Name }),
            .. SettingList.Of(configuration.Training).Select(setting => setting with { Name = TrainingPrefix + setting.Name }),
            .. SettingList.Of(configuration.Options).Select(setting => setting with { Name = OptionsPrefix + setting.Name }),
        ];

    private static OptionException Unknown(string name, List<string> names)
    {
        var nearest = NameSuggestion.Nearest(name, names);
        return new OptionException(
            $"There is no setting '{name}'.{(nearest is null ? string.Empty : $" Did you mean '{nearest}'?")} `duet train "
                + $"--list-settings` shows the names."
        );
    }
}
