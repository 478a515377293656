// One line of a chart over epochs.
using Duet.Training;

namespace Duet.Pages.Sections;

/// <summary>A line.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Style">The class of its color.</param>
/// <param name="Value">Its value in an epoch; null leaves a gap.</param>
public sealed record EpochSeries(string Name, string Style, Func<EpochReport, double?> Value);
