// Measures deletion and insertion.
using Duet.Data;
using Duet.Inference;

namespace Duet.Explanation;

/// <summary>The parts of one input of a product, taken away and put back in orders.</summary>
/// <param name="product">The product.</param>
/// <param name="count">The number of parts.</param>
/// <param name="variant">The product with only the parts that are kept.</param>
/// <param name="options">Random orders, points and seed.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class FaithfulnessMeasure(
    ExplainedProduct product,
    int count,
    Func<bool[], EncodedProduct> variant,
    ExplanationOptions options,
    CancellationToken cancellation
)
{
    // Keeps these draws apart from others for the same seed.
    private const ulong Purpose = 0x6F_72_64_65_72_73;

    // By random order: the answers along deletion and insertion.
    private (float[][][] Deletion, float[][][] Insertion)[]? _random;

    // The numbers of parts that are taken away along a curve, both ends included.
    private int[] Points =>
        [
            .. Enumerable
                .Range(0, Math.Min(options.CurvePoints, count + 1))
                .Select(i => (int)Math.Round((double)i * count / (Math.Min(options.CurvePoints, count + 1) - 1))),
        ];

    /// <summary>How faithful scores are for a task's class.</summary>
    /// <param name="scores">One per part.</param>
    /// <param name="task">The task.</param>
    /// <param name="label">The class.</param>
    public Faithfulness Of(IReadOnlyList<double> scores, int task, int label)
    {
        _random ??= [.. Enumerable.Range(0, options.RandomOrders).Select(RandomOrder).Select(Curves)];
        var (deletion, insertion) = Curves([.. Enumerable.Range(0, count).OrderByDescending(part => scores[part])]);
        return new Faithfulness(
            Area(deletion, task, label),
            Area(insertion, task, label),
            _random.Average(curve => Area(curve.Deletion, task, label)),
            _random.Average(curve => Area(curve.Insertion, task, label))
        );
    }

    private int[] RandomOrder(int number)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new CounterRandom(options.Seed ^ Purpose, (ulong)number).Shuffle<int>(order);
        return order;
    }

    private (float[][][] Deletion, float[][][] Insertion) Curves(int[] order)
    {
        var points = Points;
        var variants = points.Select(taken => Variant(order[taken..])).Concat(points.Select(put => Variant(order[..put]))).ToArray();
        var answers = product.Probabilities(variants, cancellation);
        return (answers[..points.Length], answers[points.Length..]);
    }

    private EncodedProduct Variant(int[] kept)
    {
        var keep = new bool[count];
        foreach (var part in kept)
        {
            keep[part] = true;
        }

        return variant(keep);
    }

    // Trapezia over the share of parts.
    private double Area(float[][][] curve, int task, int label)
    {
        var points = Points;
        double area = 0;
        for (var i = 1; i < points.Length; i++)
        {
            area += (curve[i - 1][task][label] + curve[i][task][label]) / 2 * (points[i] - points[i - 1]) / count;
        }

        return area;
    }
}

/// <summary>
/// Deletion and insertion (Petsiuk et al., "RISE", arXiv 1806.07421; Samek et al., "Evaluating the Visualization of What a Deep Neural
/// Network Has Learned", arXiv 1509.06321): parts of one input are taken away, highest score first, or put back, while the answer's
/// probability is watched; the other input stays as it is. Areas lie between 0 and 1. Beside them are the means over random orders: a
/// probability that falls anyway says nothing.
/// </summary>
/// <param name="Deletion">Area under the probability while parts are taken away; low is good.</param>
/// <param name="Insertion">Area under the probability while parts are put back; high is good.</param>
/// <param name="RandomDeletion">The mean deletion area of random orders.</param>
/// <param name="RandomInsertion">The mean insertion area of random orders.</param>
public sealed record Faithfulness(double Deletion, double Insertion, double RandomDeletion, double RandomInsertion)
{
    /// <summary>How much better than random: the mean of both gains. Above 0 the scores deserve some trust, at or below 0 none.</summary>
    public double Score => ((RandomDeletion - Deletion) + (Insertion - RandomInsertion)) / 2;
}
