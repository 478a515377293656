// The parts that `duet ablate` takes away from a system.
using Duet.Models;

namespace Duet.Cli.Settings;

/// <summary>Finds the variants of a system that lack one part each, by the settings it has.</summary>
internal static class AblatedParts
{
    // Setting, the value that has the part, the value that lacks it.
    private static readonly (string Setting, string With, string Without)[] Parts =
    [
        ("sequence_wise_attention", "true", "false"),
        ("modality_wise_attention", "true", "false"),
        ("modalities", "both", "image"),
        ("modalities", "both", "text"),
    ];

    /// <summary>The entries of a comparison: the whole system, then one per part it has, <c>MODEL:setting=value</c>.</summary>
    /// <param name="model">The system's name.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="without">Further parts to take away, as settings <c>name=value</c>.</param>
    /// <exception cref="UsageException">The system has no such part and none was named.</exception>
    public static IReadOnlyList<string> Entries(string model, ModelOptions options, IReadOnlyList<string> without)
    {
        var settings = SettingList.Of(options).ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        var parts = Parts
            .Where(part => settings.TryGetValue(part.Setting, out var value) && string.Equals(value, part.With, StringComparison.Ordinal))
            .Select(part => $"{part.Setting}={part.Without}")
            .Concat(without)
            .ToList();
        return parts.Count > 0
            ? [model, .. parts.Select(part => $"{model}:{part}")]
            : throw new UsageException(
                $"{model} has no part that ablate can leave out; name one with --without, for instance --without fusion_layers=1."
            );
    }
}
