// The position of a pass over shards.
namespace Duet.Data;

/// <summary>A place in a shuffled pass. Order and buffer depend on seed and epoch only, so the number of samples given out says it
/// all.</summary>
/// <param name="Epoch">The pass.</param>
/// <param name="Taken">How many samples it has given out.</param>
public sealed record WebDatasetPosition(long Epoch, long Taken);
