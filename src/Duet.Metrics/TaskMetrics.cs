// All figures of one task, as a report shows them.
using System.Text.Json.Serialization;
using Duet.Data;

namespace Duet.Metrics;

/// <summary>The figures of one task over its labelled rows. A figure that is undefined (no labelled row, one class only) is null.</summary>
public sealed record TaskMetrics
{
    /// <summary>Labelled rows.</summary>
    public required int N { get; init; }

    /// <summary>Single-label: right / labelled. Multi-label: rows with every class right.</summary>
    public double? Accuracy { get; init; }

    /// <summary>95 % bootstrap interval of the accuracy; where all rows are right or none is, the exact one (Clopper-Pearson), since every
    /// draw would be the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConfidenceInterval? AccuracyInterval { get; init; }

    /// <summary>The mean F1 over the classes that occur; of a multi-label task over all (<see cref="MultiLabelMetrics.Macro"/>).</summary>
    public double? MacroF1 { get; init; }

    /// <summary>95 % bootstrap interval of the macro F1 (single-label tasks).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConfidenceInterval? MacroF1Interval { get; init; }

    /// <summary>Rows whose class is among the five most probable; single-label tasks only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Top5 { get; init; }

    /// <summary>Recall at each precision asked for, keyed <c>"0.90"</c>: one threshold for the task.</summary>
    public IReadOnlyDictionary<string, double> RecallAtPrecision { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The thresholds that give <see cref="RecallAtPrecision"/>; null where the precision is out of reach.</summary>
    public IReadOnlyDictionary<string, double?> ThresholdAtPrecision { get; init; } =
        new Dictionary<string, double?>(StringComparer.Ordinal);

    /// <summary>The mean over classes of recall at each precision, one threshold per class.</summary>
    public IReadOnlyDictionary<string, double?> ClassMeanRecallAtPrecision { get; init; } =
        new Dictionary<string, double?>(StringComparer.Ordinal);

    /// <summary>Whether the task is multi-label.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>Mean precision over the same classes as <see cref="MacroF1"/>.</summary>
    public double? MacroPrecision { get; init; }

    /// <summary>Mean recall over the same classes as <see cref="MacroF1"/>.</summary>
    public double? MacroRecall { get; init; }

    /// <summary>F1 of the pooled counts.</summary>
    public double? MicroF1 { get; init; }

    /// <summary>Precision of the pooled counts; of a single-label task the accuracy.</summary>
    public double? MicroPrecision { get; init; }

    /// <summary>Recall of the pooled counts; of a single-label task the accuracy.</summary>
    public double? MicroRecall { get; init; }

    /// <summary>Precision weighted by the classes' rows.</summary>
    public double? WeightedPrecision { get; init; }

    /// <summary>Recall weighted by the classes' rows; of a single-label task the accuracy.</summary>
    public double? WeightedRecall { get; init; }

    /// <summary>F1 weighted by the classes' rows.</summary>
    public double? WeightedF1 { get; init; }

    /// <summary>Mean average precision over classes, one class against the rest.</summary>
    public double? MeanAveragePrecision { get; init; }

    /// <summary>Average precision of all decisions in one ranking; multi-label tasks only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MicroAveragePrecision { get; init; }

    /// <summary>Mean area under the ROC curve over classes, one class against the rest.</summary>
    public double? RocAuc { get; init; }

    /// <summary>Negative log-likelihood, nats.</summary>
    public double? Nll { get; init; }

    /// <summary>Brier score.</summary>
    public double? Brier { get; init; }

    /// <summary>Expected calibration error.</summary>
    public double? Ece { get; init; }

    /// <summary>Class-wise expected calibration error.</summary>
    public double? ClasswiseEce { get; init; }

    /// <summary>Rows whose label the model does not know; they are not among <see cref="N"/>.</summary>
    public int UnseenLabels { get; init; }

    /// <summary>The commonest of <see cref="UnseenLabels"/>, with the class that each is near; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UnseenLabel>? Unseen { get; init; }

    /// <summary>The reliability curve.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; init; } = [];

    /// <summary>The scores of every class.</summary>
    public IReadOnlyList<ClassScores> PerClass { get; init; } = [];

    /// <summary>Which class is taken for which: the pairs that occur, right ones too; single-label tasks only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ConfusionCell>? Confusion { get; init; }
}

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
