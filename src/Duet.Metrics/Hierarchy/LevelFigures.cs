// What the answers of one level of a taxonomy are worth.
using System.Text.Json.Serialization;

namespace Duet.Metrics.Hierarchy;

/// <summary>The answers that end on a level.</summary>
/// <param name="Level">The level, 1 for the roots.</param>
/// <param name="Reachable">Whether there is a threshold for it, for some of the rows' inputs.</param>
/// <param name="Answered">Labelled rows whose answer is on this level.</param>
/// <param name="Right">How many of them lie on the true path.</param>
/// <param name="Precision">Right / answered with its exact 95 % interval (Clopper-Pearson); null where nothing is answered.</param>
public sealed record LevelFigures(
    int Level,
    bool Reachable,
    int Answered,
    int Right,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ConfidenceInterval? Precision = null
);
