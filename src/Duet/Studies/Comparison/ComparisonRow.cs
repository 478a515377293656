// A system's line in the table.
using System.Text.Json.Serialization;
using Duet.Metrics;

namespace Duet.Studies.Comparison;

/// <summary>What the runs of one system say together. Runs that failed, or were not made yet, do not count in the figures.</summary>
public sealed record ComparisonRow
{
    /// <summary>The system's label.</summary>
    public required string System { get; init; }

    /// <summary>Its name in the registry.</summary>
    public required string Model { get; init; }

    /// <summary>The preset it began with.</summary>
    public required string Preset { get; init; }

    /// <summary>The folder with its runs, relative to that of the comparison.</summary>
    public required string Folder { get; init; }

    /// <summary>The mean over tasks, over seeds; null without a finished run.</summary>
    public MeanAndSpread? Mean { get; init; }

    /// <summary>The 95 % interval of <see cref="Mean"/>: the bootstrap over products, each with its outcomes of all seeds; null without
    /// outcomes.</summary>
    public ConfidenceInterval? Interval { get; init; }

    /// <summary>This system minus the first of the table, in the mean over tasks; null for the first, and without rows that both have
    /// seen.</summary>
    public PairedDifference? Difference { get; init; }

    /// <summary>Per task, over seeds.</summary>
    public required IReadOnlyDictionary<string, MeanAndSpread> Tasks { get; init; }

    /// <summary>Trainable parameters; null without a finished run.</summary>
    public long? Parameters { get; init; }

    /// <summary>Products trained per second, over seeds.</summary>
    public MeanAndSpread? SamplesPerSecond { get; init; }

    /// <summary>Passes over the training split; null without a finished run.</summary>
    public int? Epochs { get; init; }

    /// <summary>The runs made so far, in the order of the seeds.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>The number of runs that failed.</summary>
    [JsonIgnore]
    public int Failed => Runs.Count(run => run.Error is not null);

    /// <summary>Puts a system's runs together.</summary>
    public static ComparisonRow Of(ComparedSystem system, string folder, IReadOnlyList<ComparedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(runs);
        var done = runs.Where(run => run.Error is null).ToList();
        return new ComparisonRow
        {
            System = system.Label,
            Model = system.Model,
            Preset = system.Preset,
            Folder = folder,
            Mean = MeanAndSpread.Of(done.Select(run => run.Mean).OfType<double>()),
            Tasks = done.SelectMany(run => run.Scores)
                .GroupBy(score => score.Key, score => score.Value, StringComparer.Ordinal)
                .ToDictionary(scores => scores.Key, scores => MeanAndSpread.Of(scores)!, StringComparer.Ordinal),
            Parameters = done.FirstOrDefault()?.Parameters,
            SamplesPerSecond = MeanAndSpread.Of(done.Select(run => run.SamplesPerSecond)),
            Epochs = done.FirstOrDefault()?.Epochs,
            Runs = runs,
        };
    }
}
