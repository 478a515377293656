// One point of a reliability diagram.
namespace Duet.Metrics;

/// <summary>The predictions whose confidence lies in (<see cref="Low"/>, <see cref="High"/>] (the first bin includes 0).</summary>
/// <param name="Low">The lower edge.</param>
/// <param name="High">The upper edge.</param>
/// <param name="Count">How many predictions.</param>
/// <param name="Confidence">Their mean confidence; 0 where there are none.</param>
/// <param name="Accuracy">The share that is right; 0 where there are none.</param>
public sealed record ReliabilityBin(double Low, double High, long Count, double Confidence, double Accuracy);
