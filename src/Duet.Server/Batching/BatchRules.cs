// When a batch is full, when it goes as it is, and how much may wait.
namespace Duet.Server.Batching;

/// <summary>The rules of a <see cref="DynamicBatcher{TItem, TAnswer}"/>.</summary>
/// <param name="Max">The most items of a batch.</param>
/// <param name="Wait">How long the first item waits for others that are on their way.</param>
/// <param name="Limit">The most items that wait or are on their way.</param>
/// <param name="Passes">Batches that are worked on side by side.</param>
internal sealed record BatchRules(int Max, TimeSpan Wait, int Limit, int Passes = 1);
