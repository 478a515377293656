// How good a model is, as a report shows it.
using Duet.Metrics;

namespace Duet.Reports;

/// <summary>The figures of an evaluation with the data behind them.</summary>
public sealed record MeasuredModel
{
    /// <summary>The figures.</summary>
    public required EvaluationReport Report { get; init; }

    /// <summary>The table.</summary>
    public required string Path { get; init; }

    /// <summary>Per task, precision and recall at every threshold, from the surest on.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<OperatingPoint>> Curves { get; init; }

    /// <summary>Per task, the pairs of classes that are taken for one another most often. Multi-label tasks have none.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ConfusedPair>> Confusions { get; init; }

    /// <summary>Products that are right in every labelled task, the surest first.</summary>
    public required IReadOnlyList<ShownProduct> Right { get; init; }

    /// <summary>Products with a wrong answer, the surest first.</summary>
    public required IReadOnlyList<ShownProduct> Wrong { get; init; }

    /// <summary>Products the model is least sure of.</summary>
    public required IReadOnlyList<ShownProduct> Uncertain { get; init; }

    /// <summary>The mean share of the picture per task; empty if the system does not say.</summary>
    public required IReadOnlyDictionary<string, double> ImageShares { get; init; }

    /// <summary>How long the evaluation took.</summary>
    public required TimeSpan Elapsed { get; init; }
}

/// <summary>Products of one class that were given another.</summary>
/// <param name="Actual">The class they have.</param>
/// <param name="Predicted">The class they were given.</param>
/// <param name="Count">How many.</param>
/// <param name="Rows">How many products have <paramref name="Actual"/>.</param>
/// <param name="Examples">Some of them, the surest first.</param>
public sealed record ConfusedPair(string Actual, string Predicted, long Count, long Rows, IReadOnlyList<ShownProduct> Examples);
