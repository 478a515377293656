// How far a sweep has come.
namespace Duet.Studies.Robustness;

/// <summary>The progress of a sweep, reported before every measurement.</summary>
/// <param name="Done">Measurements done.</param>
/// <param name="Total">All measurements.</param>
/// <param name="Name">What is measured now, for instance <c>blur 0.02</c>.</param>
public sealed record RobustnessProgress(int Done, int Total, string Name);
