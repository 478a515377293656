// The threshold above which answers may be accepted, with the counts behind it.
namespace Duet.Metrics.Calibration;

/// <summary>The outcome of looking for a threshold that keeps a promised precision.</summary>
public sealed record PrecisionThreshold
{
    /// <summary>Answers with at least this calibrated probability are accepted; null where the target is not reachable with the rows there
    /// were.</summary>
    public double? Threshold { get; init; }

    /// <summary>Rows that certified it (seen by nothing before).</summary>
    public int Rows { get; init; }

    /// <summary>How many of them the threshold accepts.</summary>
    public int Accepted { get; init; }

    /// <summary>How many of the accepted are right.</summary>
    public int Right { get; init; }

    /// <summary>The precision that is certain with the stated confidence (Clopper-Pearson lower bound); null where nothing is
    /// accepted.</summary>
    public double? LowerBound { get; init; }

    /// <summary>Why there is no threshold; null where there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether there is a threshold.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsReachable => Threshold is not null;

    /// <summary>The share of the certifying rows that the threshold accepts.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double Coverage => Rows == 0 ? 0 : (double)Accepted / Rows;

    /// <summary>Whether an answer is accepted.</summary>
    public bool Accepts(double probability) => probability >= Threshold;

    internal static PrecisionThreshold NotReachable(int rows, string reason) => new() { Rows = rows, Reason = reason };
}
