// How a job over a table ended.
using Duet.Data;

namespace Duet.Inference;

/// <summary>The end of a prediction or embedding job.</summary>
/// <param name="Rows">Rows written.</param>
/// <param name="Quarantine">Rows and pictures that were set aside, counted by reason.</param>
/// <param name="TruncatedTexts">Texts that were longer than the model's context.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Files">The files that were written; the quarantine file is among them only where something was set aside.</param>
public sealed record JobSummary(long Rows, Quarantine Quarantine, long TruncatedTexts, TimeSpan Elapsed, IReadOnlyList<string> Files)
{
    /// <summary>The texts that were longer than the model's context, and what became of them.</summary>
    public LongTextCount LongTexts { get; init; }

    /// <summary>Values of features that training never had; they counted as unknown.</summary>
    public UnseenLabels UnseenFeatures { get; init; } = new();

    /// <summary>What may be lost; what was lost is in <see cref="Quarantine"/>.</summary>
    public LossLimit Limit { get; init; } = new();

    /// <summary>Rows per second.</summary>
    public double RowsPerSecond => Rows / Math.Max(Elapsed.TotalSeconds, 1e-6);
}

/// <summary>The progress of a job, reported after every batch.</summary>
/// <param name="Rows">Rows done.</param>
/// <param name="RowsPerSecond">Their rate since the job began.</param>
/// <param name="Elapsed">Time since the job began.</param>
public sealed record UseProgress(long Rows, double RowsPerSecond, TimeSpan Elapsed);
