// Precision, recall and F1 over all classes, in one of the usual averages.
namespace Duet.Metrics;

/// <summary>Precision, recall and F1 averaged over classes (Sokolova and Lapalme 2009). NaN where there is nothing to average.</summary>
/// <param name="Precision">Averaged precision.</param>
/// <param name="Recall">Averaged recall.</param>
/// <param name="F1">The average of the classes' F1 (macro, weighted), or the F1 of the pooled counts (micro).</param>
public sealed record AverageScores(double Precision, double Recall, double F1)
{
    /// <summary>
    /// The plain mean over the classes that occur, either as a label or as a prediction.
    /// (A class that does neither says nothing about the model; scikit-learn leaves it out as well. Of multi-label tasks scikit-learn
    /// counts it as 0, see <see cref="MultiLabelMetrics.Macro"/>.)
    /// </summary>
    public static AverageScores Macro(IEnumerable<ClassScores> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return Mean(classes.Where(scores => scores.Support + scores.Predicted > 0));
    }

    /// <summary>The mean over classes, each weighing as many rows as it has.</summary>
    public static AverageScores Weighted(IEnumerable<ClassScores> classes) => Weighted(classes, scores => scores.Support);

    /// <summary>The scores of the counts pooled over classes; for a single-label task all three equal the accuracy.</summary>
    public static AverageScores Micro(long correct, long support, long predicted)
    {
        if (support + predicted == 0)
        {
            return new AverageScores(double.NaN, double.NaN, double.NaN);
        }

        var pooled = ClassScores.Of(string.Empty, correct, support, predicted);
        return new AverageScores(pooled.Precision, pooled.Recall, pooled.F1);
    }

    /// <summary>The plain mean over all classes given.</summary>
    internal static AverageScores Mean(IEnumerable<ClassScores> classes) => Weighted(classes, _ => 1);

    private static AverageScores Weighted(IEnumerable<ClassScores> classes, Func<ClassScores, double> weight)
    {
        ArgumentNullException.ThrowIfNull(classes);
        double precision = 0,
            recall = 0,
            f1 = 0,
            total = 0;
        foreach (var scores in classes)
        {
            var share = weight(scores);
            precision += share * scores.Precision;
            recall += share * scores.Recall;
            f1 += share * scores.F1;
            total += share;
        }

        // 0 / 0 is NaN, as documented.
        return new AverageScores(precision / total, recall / total, f1 / total);
    }
}
