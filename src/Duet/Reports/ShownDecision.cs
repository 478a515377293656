// What a calibrated run decided about an answer, as a report shows it.
namespace Duet.Reports;

/// <summary>A decision.</summary>
/// <param name="Accepted">Whether the answer is accepted; otherwise it needs review.</param>
/// <param name="Text">The decision in words, with its reason where one is known.</param>
public sealed record ShownDecision(bool Accepted, string Text);
