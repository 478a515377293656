// Precision, recall and F1 of one class.
namespace Duet.Metrics;

/// <summary>The scores of one class. A ratio whose denominator is zero counts as 0.</summary>
/// <param name="Class">The class name.</param>
/// <param name="Support">How many labelled rows have the class.</param>
/// <param name="Predicted">How many labelled rows were given the class.</param>
/// <param name="Precision">Correct / predicted.</param>
/// <param name="Recall">Correct / support.</param>
/// <param name="F1">2 correct / (predicted + support), the harmonic mean of both.</param>
public sealed record ClassScores(string Class, long Support, long Predicted, double Precision, double Recall, double F1)
{
    /// <summary>Recall at each precision asked for, keyed as in <see cref="TaskMetrics.RecallAtPrecision"/>, with a threshold for this
    /// class alone; 0 where it is out of reach.</summary>
    public IReadOnlyDictionary<string, double> RecallAtPrecision { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    internal static ClassScores Of(string name, long correct, long support, long predicted) =>
        new(name, support, predicted, Ratio(correct, predicted), Ratio(correct, support), Ratio(2 * correct, predicted + support));

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
