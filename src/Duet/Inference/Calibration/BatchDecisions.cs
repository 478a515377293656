// What a calibration makes of a batch's results: corrected probabilities and decisions with reasons.
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;

namespace Duet.Inference;

/// <summary>The certificates of a batch of B products, applied.</summary>
internal sealed class BatchDecisions
{
    private readonly Certificate?[] _certificates;

    private BatchDecisions(InputPattern[] patterns, Certificate?[] certificates, NoveltyScore?[] novelty, float[][] probabilities) =>
        (Patterns, _certificates, Novelty, Probabilities) = (patterns, certificates, novelty, probabilities);

    /// <summary>The inputs of each product, <c>[B]</c>.</summary>
    public IReadOnlyList<InputPattern> Patterns { get; }

    /// <summary>How unlike the catalogue each product is, <c>[B]</c>; null where nothing is certified for its inputs.</summary>
    public IReadOnlyList<NoveltyScore?> Novelty { get; }

    /// <summary>Per task the corrected probabilities, <c>[B, C]</c>; the model's own where nothing is certified for a product's
    /// inputs.</summary>
    public float[][] Probabilities { get; }

    /// <summary>Applies a calibration.</summary>
    /// <param name="calibration">The run's calibration.</param>
    /// <param name="reader">Reads the inputs.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="batch">The products.</param>
    /// <param name="result">What the model said, with joint embeddings; it stays as it is.</param>
    public static BatchDecisions Of(
        RunCalibration calibration,
        InputReader reader,
        IReadOnlyList<TaskDefinition> tasks,
        ProductBatch batch,
        BatchResult result
    )
    {
        var patterns = new InputPattern[batch.Count];
        var own = new Certificate?[batch.Count];
        var novelty = new NoveltyScore?[batch.Count];
        float[][] probabilities = [.. result.Probabilities.Select(values => (float[])values.Clone())];
        for (var row = 0; row < batch.Count; row++)
        {
            patterns[row] = reader.Pattern(batch, row);
            own[row] = result.Usable[row] ? calibration.For(patterns[row]) : null;
            if (own[row] is not { } certificate)
            {
                continue;
            }

            novelty[row] = certificate.Novelty.Score(calibration.Novelty, reader.Novelty(batch, result, row));
            for (var task = 0; task < tasks.Count; task++)
            {
                var classes = tasks[task].Classes.Count;
                certificate
                    .Tasks[task]
                    .Map.Apply(probabilities[task].AsSpan(row * classes, classes), tasks[task].Kind == TaskKind.MultiLabel);
            }
        }

        return new BatchDecisions(patterns, own, novelty, probabilities);
    }

    /// <summary>The decision on an answer.</summary>
    /// <param name="task">The task's place.</param>
    /// <param name="row">The product's place.</param>
    /// <param name="given">The classes that are given, with their corrected probabilities.</param>
    public Decision Decide(int task, int row, IReadOnlyList<(string Label, double Probability)> given) =>
        _certificates[row] is not { } certificate ? Decision.WithoutCertificate(Patterns[row])
        : Novelty[row]!.IsOutside ? Decision.Unlike
        : certificate.Tasks[task].Decide(given);

    /// <summary>The thresholds of a task's taxonomy that hold for a product; null where it has none or the product is not
    /// covered.</summary>
    public IReadOnlyList<PrecisionThreshold>? Levels(int task, int row) =>
        _certificates[row] is { } certificate && !Novelty[row]!.IsOutside ? certificate.Tasks[task].Levels : null;
}
