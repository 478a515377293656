// Everything that a report shows.
using Duet.Data;
using Duet.Inference;
using Duet.Metrics;
using Duet.Studies.Robustness;

namespace Duet.Reports;

/// <summary>What was gathered for a report. A part that is null has no source; the page then says which command would make it.</summary>
public sealed record ReportData
{
    /// <summary>The run: system, settings, tasks, epochs.</summary>
    public required RunSummary Run { get; init; }

    /// <summary>When the report was made.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>With what it was made.</summary>
    public required ReportVersions Versions { get; init; }

    /// <summary>What the table holds; null where there is none to look at.</summary>
    public DataSummary? Data { get; init; }

    /// <summary>The table as it is read, for the commands of the page; null where there is none to look at.</summary>
    internal TableSource? Source { get; init; }

    /// <summary>How good the model is; null where there is no table or no weights yet.</summary>
    public MeasuredModel? Measured { get; init; }

    /// <summary>How robust the model is to damaged inputs.</summary>
    public RobustnessReport? Robustness { get; init; }

    /// <summary>The second run beside it.</summary>
    public RunContrast? Contrast { get; init; }

    /// <summary>Systems or ablations beside each other.</summary>
    public ShownComparison? Comparison { get; init; }

    /// <summary>The word that starts the program in the commands of the page.</summary>
    public string Program { get; init; } = ShellCommand.Program;

    /// <summary>The command that trained the run; null where it is not known.</summary>
    public string? TrainingCommand { get; init; }

    /// <summary>The commands that repeat what is shown, in their order.</summary>
    public IReadOnlyList<RepeatCommand> Commands { get; init; } = [];

    /// <summary>Why the figures are better than those on new products would be, in a sentence that is shown beside them; null where nothing
    /// is known to flatter them.</summary>
    public string? Flattered =>
        this switch
        {
            { Measured: null } or { Data: not { IsTrainingTable: true } } => null,
            { Measured.Report.Split: null or "train" } =>
                "These figures are measured on rows that the model was trained on; they flatter the model.",
            _ => Data.Leak,
        };

    /// <summary>That training lost more than a job may lose by default, in a sentence; null where it did not.</summary>
    public string? LostMuch =>
        Data is { } table && !new LossLimit().Allows(table.Losses)
            ? $"Training continued without a large part of its table: {LossMessage.Told(new LossLimit { MaxLost = 1 }, table.Losses)}"
            : null;

    /// <summary>What could not be gathered, and why; one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Versions, for repeating what is shown.</summary>
/// <param name="Duet">Duet's version.</param>
/// <param name="Libtorch">libtorch's version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Machine">Operating system and processor architecture.</param>
public sealed record ReportVersions(string Duet, string Libtorch, string Runtime, string Machine);

/// <summary>How many rows a split has, and of what kind.</summary>
/// <param name="Name">The split: train, val, test, or all.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="WithImage">Rows that name a picture.</param>
/// <param name="WithText">Rows that have a text.</param>
public sealed record SplitRows(string Name, long Rows, long WithImage, long WithText);

/// <summary>How a task is labelled.</summary>
/// <param name="Task">The task.</param>
/// <param name="Missing">Rows without a label, by split, in the order of <see cref="DataSummary.Splits"/>.</param>
/// <param name="Classes">The model's classes and their rows over all splits, the most frequent first.</param>
public sealed record TaskLabelCounts(TaskDefinition Task, IReadOnlyList<long> Missing, IReadOnlyList<KeyValuePair<string, long>> Classes);

/// <summary>The run against a second one, on the rows and tasks that both can answer.</summary>
/// <param name="Title">The second run's system and preset.</param>
/// <param name="Paired">Both runs' figures with their differences.</param>
public sealed record RunContrast(string Title, PairedEvaluation Paired);
