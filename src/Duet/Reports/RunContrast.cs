// Two runs beside each other.
using Duet.Metrics;

namespace Duet.Reports;

/// <summary>The run against a second one, on the rows and tasks that both can answer.</summary>
/// <param name="Title">The second run's system and preset.</param>
/// <param name="Paired">Both runs' figures with their differences.</param>
public sealed record RunContrast(string Title, PairedEvaluation Paired);
