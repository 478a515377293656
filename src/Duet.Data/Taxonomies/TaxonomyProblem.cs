// Something in a taxonomy that is likely a mistake.
namespace Duet.Data;

/// <summary>A remark about a line; the taxonomy can be used nevertheless.</summary>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Detail">What is odd, in words.</param>
public sealed record TaxonomyProblem(long Line, string Detail);
