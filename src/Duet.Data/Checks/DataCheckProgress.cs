// How far a check is.
namespace Duet.Data.Checks;

/// <summary>The state of a check.</summary>
/// <param name="Stage">What is done now, such as "decoding pictures".</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is; 0 where that is not known.</param>
public sealed record DataCheckProgress(string Stage, int Done, int Total);
