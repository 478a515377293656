// One request of a load.
namespace Duet.Benchmarks;

/// <summary>One request.</summary>
/// <param name="Time">From when it was due to its answer.</param>
/// <param name="Answered">Whether it was answered, and not told to come back.</param>
/// <param name="Right">Whether the answer is that of the model alone.</param>
internal readonly record struct LoadSample(TimeSpan Time, bool Answered, bool Right);
