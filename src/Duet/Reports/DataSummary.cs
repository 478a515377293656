// What a table holds.
using Duet.Data;

namespace Duet.Reports;

/// <summary>Rows, labels and what was set aside.</summary>
public sealed record DataSummary
{
    /// <summary>The table's path as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is the table the run was trained on.</summary>
    public required bool IsTrainingTable { get; init; }

    /// <summary>The splits in their order (train, val, test), or one for the whole table.</summary>
    public required IReadOnlyList<SplitRows> Splits { get; init; }

    /// <summary>The tasks' labels.</summary>
    public required IReadOnlyList<TaskLabelCounts> Tasks { get; init; }

    /// <summary>What was set aside while training, by reason (<c>image_missing</c>), from the run's <c>quarantine.csv</c>.</summary>
    public IReadOnlyDictionary<string, long> Quarantined { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What training could not use, from the run's <c>losses.json</c>.</summary>
    public Losses Losses { get; init; } = Losses.None;

    /// <summary>How many rows of the other splits are in training as well, in a sentence; null where none does or the table was not
    /// divided.</summary>
    public string? Leak { get; init; }

    /// <summary>What the user should know about how the table was divided.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
