// Answers that a threshold accepts or leaves to people.
namespace Duet.Metrics.Calibration;

/// <summary>What <see cref="ThresholdSearch"/> needs to know about answers on labelled rows.</summary>
public abstract class Decisions
{
    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>How many rows a threshold accepts, and how many of them rightly.</summary>
    public abstract (int Accepted, int Right) At(double threshold);

    /// <summary>The lowest confidence among the rows that a threshold accepts; null where it accepts none.</summary>
    public abstract double? LowestAccepted(double threshold);

    /// <summary>Thresholds worth trying, descending, with what they accept.</summary>
    internal abstract IReadOnlyList<(double Threshold, int Accepted, int Right)> Steps();
}
