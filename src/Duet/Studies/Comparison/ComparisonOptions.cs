// What is compared, on which table, by which rules.
using Duet.Models;
using Duet.Runs;
using Duet.Training;

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

/// <summary>The end of a comparison, or its interruption.</summary>
/// <param name="Table">The table as far as it came.</param>
/// <param name="Finished">Whether every run was made; otherwise it was interrupted, and the same call continues.</param>
public sealed record ComparisonResult(ComparisonTable Table, bool Finished)
{
    /// <summary>The number of runs that failed.</summary>
    public int Failed => Table.Systems.Sum(row => row.Failed);
}

/// <summary>Receives a comparison's progress.</summary>
public interface IComparisonProgress
{
    /// <summary>A remark worth a line.</summary>
    void Note(string text);

    /// <summary>A run begins or is resumed.</summary>
    /// <param name="system">The system.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="number">The run's number, counted from 1.</param>
    /// <param name="total">The number of runs.</param>
    void Begin(ComparedSystem system, ulong seed, int number, int total);

    /// <summary>Calls a training job with something that receives its progress.</summary>
    TrainingResult Watch(Func<ITrainingProgress, TrainingResult> training);

    /// <summary>A run is done, was done before, or failed.</summary>
    void End(ComparedRun run);
}
