// What is compared, on which table, by which rules.
using Duet.Models;
using Duet.Runs;

namespace Duet.Studies.Comparison;

/// <summary>The protocol of a comparison: everything that is the same for all systems, and the systems.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The systems, in the order of the table.</summary>
    public required IReadOnlyList<ComparedSystem> Systems { get; init; }

    /// <summary>The table and its columns, the same for all.</summary>
    public required DataConfiguration Data { get; init; }

    /// <summary>
    /// Every system is trained once per seed. Without a split column a seed also draws the splits: other ones for every seed, the same for
    /// every system.
    /// </summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3];

    /// <summary>
    /// The time budget of each run in minutes, or null to train every system for the epochs of its recipe. The budget becomes a number of
    /// epochs: a short warm-up measures how long a step of the system takes here, once for all its seeds, and the number is recorded. The
    /// run itself is then an ordinary one, whose learning rate comes down over exactly these epochs and which can be resumed to the last
    /// bit.
    /// </summary>
    public double? Minutes { get; init; }

    /// <summary>The split that the table's figures are from.</summary>
    public string Split { get; init; } = "test";

    /// <summary>The words after <c>duet</c> of the command that asked for the comparison, kept for those who want to repeat it; null where
    /// there was none.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        OptionException.Require("number of models", Systems.Count, 1, 1000, "a comparison needs a system");
        OptionException.Require("number of seeds", Seeds.Count, 1, 1000, "every seed is a run of every system");
        OptionException.Require(
            Seeds.Distinct().Count() == Seeds.Count,
            $"{nameof(Seeds)} are {string.Join(", ", Seeds)}; each may be given once."
        );
        OptionException.Require(!string.IsNullOrWhiteSpace(Split), "split is empty; name the split to measure on, for instance test.");
        if (Minutes is { } minutes)
        {
            OptionException.Require(nameof(Minutes), minutes, 0.01, 100_000, "it is the time of one run");
        }

        foreach (var system in Systems)
        {
            OptionException.Require(system.Folder.Length > 0, $"The system '{system.Label}' has no letter or digit in its label.");
            system.Options.Validate();
            ModelRegistry.RequireFeatures(system.Model, Data.FeatureColumns);
            system.Training.Validate();
        }

        if (
            Systems.GroupBy(system => system.Folder, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
        )
        {
            throw new OptionException(
                $"Two systems would have the folder {twice.Key}: {string.Join(" and ", twice.Select(system => system.Label))}. "
                    + $"Compare each once."
            );
        }
    }
}
