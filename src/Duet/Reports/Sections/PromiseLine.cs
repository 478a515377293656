// One line of what came of a promise.
using Duet.Metrics.Calibration;

namespace Duet.Reports.Sections;

/// <summary>What thresholds accepted of some rows, and how often rightly.</summary>
/// <param name="Name">Whose answers they are.</param>
/// <param name="Style">The class of its colour.</param>
/// <param name="Figures">The figures.</param>
internal sealed record PromiseLine(string Name, string Style, DecisionFigures Figures);
