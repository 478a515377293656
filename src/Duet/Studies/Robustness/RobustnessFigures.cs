// One task's figures under one corruption.
using System.Text.Json.Serialization;

namespace Duet.Studies.Robustness;

/// <summary>How good a task is, and what it relies on.</summary>
/// <param name="N">Labelled products.</param>
/// <param name="Accuracy">Right / labelled (multi-label: every class right); null where no product is labelled.</param>
/// <param name="ImageShare">The mean weight of the picture, 0 to 1; null if the system does not say.</param>
public sealed record RobustnessFigures(
    int N,
    double? Accuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ImageShare
);
