// Two classes that are mixed up.
namespace Duet.Reports;

/// <summary>Products of one class that were given another.</summary>
/// <param name="Actual">The class they have.</param>
/// <param name="Predicted">The class they were given.</param>
/// <param name="Count">How many.</param>
/// <param name="Rows">How many products have <paramref name="Actual"/>.</param>
/// <param name="Examples">Some of them, the surest first.</param>
public sealed record ConfusedPair(string Actual, string Predicted, long Count, long Rows, IReadOnlyList<ShownProduct> Examples);
