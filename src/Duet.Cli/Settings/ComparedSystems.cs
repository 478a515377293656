// Reads the systems of a comparison from the command line.
using Duet.Models;
using Duet.Runs;
using Duet.Studies.Comparison;

namespace Duet.Cli.Settings;

/// <summary>Entries of <c>--models</c>: <c>MODEL</c> or <c>MODEL:name=value:name=value</c>, with commas between them.</summary>
internal static class ComparedSystems
{
    private const string PresetName = "preset";

    /// <summary>The systems of a command line.</summary>
    /// <param name="lists">The values of <c>--models</c>.</param>
    /// <param name="configure">Gives a system's configuration by its name and the preset its entry asks for, where it asks for one.</param>
    /// <exception cref="UsageException">An entry cannot be read.</exception>
    /// <exception cref="OptionException">There is no such model, preset or setting; the message names the entry.</exception>
    public static IReadOnlyList<ComparedSystem> Read(IEnumerable<string> lists, Func<string, string?, RunConfiguration> configure) =>
        [
            .. lists
                .SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Select(entry => Read(entry, configure)),
        ];

    private static ComparedSystem Read(string entry, Func<string, string?, RunConfiguration> configure)
    {
        var parts = entry.Split(':', StringSplitOptions.TrimEntries);
        if (
            parts[0].Contains('=', StringComparison.Ordinal)
            || parts.Skip(1).FirstOrDefault(part => part.IndexOf('=', StringComparison.Ordinal) <= 0) is not null
        )
        {
            throw new UsageException(
                $"--models cannot read '{entry}'; an entry is MODEL or MODEL:name=value, for instance cma-clip:modalities=image."
            );
        }

        try
        {
            var preset = parts.Skip(1).LastOrDefault(IsPreset);
            var configuration = Recipe.Apply(
                configure(parts[0], preset?[(PresetName.Length + 1)..]),
                parts.Skip(1).Where(part => !IsPreset(part))
            );
            configuration.Validate();
            return new ComparedSystem(entry, configuration.Model, configuration.Preset, configuration.Options, configuration.Training);
        }
        catch (OptionException e)
        {
            throw new OptionException($"--models {entry}: {e.Message}", e);
        }
    }

    private static bool IsPreset(string part) => part.StartsWith(PresetName + "=", StringComparison.Ordinal);
}
