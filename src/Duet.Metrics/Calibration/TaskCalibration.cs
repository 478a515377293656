// What was learned about the trustworthiness of one task.
using System.Text.Json.Serialization;

namespace Duet.Metrics.Calibration;

/// <summary>A task's correction and thresholds.</summary>
public sealed record TaskCalibration
{
    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>The correction of its probabilities.</summary>
    public required ProbabilityMap Map { get; init; }

    /// <summary>The threshold of the whole task.</summary>
    public required PrecisionThreshold Threshold { get; init; }

    /// <summary>A threshold per class name; null where one for the task decides. Classes that are not in it are never accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, PrecisionThreshold>? Classes { get; init; }

    /// <summary>Of a task with a taxonomy: the least probability with which an ancestor is answered, per level, the root's first
    /// (<see cref="Hierarchy.LevelThresholds"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PrecisionThreshold>? Levels { get; init; }

    /// <summary>Labelled rows that fitted the correction.</summary>
    public int FitRows { get; init; }

    /// <summary>Labelled rows that certified thresholds.</summary>
    public int TestingRows { get; init; }

    /// <summary>Expected calibration error before the correction, on the certifying rows; null where there are none.</summary>
    public double? EceBefore { get; init; }

    /// <summary>Expected calibration error after the correction, on the certifying rows; null where there are none.</summary>
    public double? EceAfter { get; init; }

    /// <summary>Why another correction than the one asked for was made; null where it was not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>Decides on an answer of a product that the certificate covers.</summary>
    /// <param name="given">The classes that are given, with calibrated probabilities; an answer without any needs review.</param>
    public Decision Decide(IReadOnlyList<(string Label, double Probability)> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (given.Count == 0)
        {
            return Decision.NothingGiven;
        }

        foreach (var (label, probability) in given)
        {
            var threshold = Classes is null ? Threshold : Classes.GetValueOrDefault(label);
            if (threshold?.Threshold is not { } least)
            {
                return Decision.NotReachable;
            }

            if (!threshold.Accepts(probability))
            {
                return Decision.Below(least);
            }
        }

        return Decision.Accept;
    }
}
