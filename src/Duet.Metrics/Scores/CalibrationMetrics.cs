// Whether "90 % sure" is right in 90 of 100 cases.

namespace Duet.Metrics;

/// <summary>Calibration and proper scores over the labelled rows. NaN where no row is labelled.</summary>
public static class CalibrationMetrics
{
    /// <summary>The usual number of bins (Guo et al. 2017).</summary>
    public const int DefaultBins = 15;

    /// <summary>A probability of 0 would make the likelihood infinite; it counts as this, so that one row cannot hide all others.</summary>
    public const double SmallestProbability = 1e-15;

    /// <summary>
    /// Negative log-likelihood in nats. Single-label: mean of -ln p(true class). Multi-label: mean over labelled (row, class) of the
    /// binary -ln p or -ln(1 - p).
    /// </summary>
    public static double NegativeLogLikelihood(TaskPredictions task) =>
        Mean(task, single: (row, label) => -Log(row[label]), multi: (p, target) => -Log(target == 1 ? p : 1 - (double)p));

    /// <summary>
    /// Brier score (Brier 1950). Single-label: mean over rows of sum_c (p_c - y_c)^2, from 0 to 2.
    /// Multi-label: mean over labelled (row, class) of (p - y)^2, from 0 to 1.
    /// </summary>
    public static double Brier(TaskPredictions task) => Mean(task, SquaredError, (p, target) => Square(p - target));

    /// <summary>
    /// Expected calibration error: sum over bins of (bin size / n) x |accuracy - mean confidence|, equal-width bins
    /// (Naeini et al. 2015, Guo et al. 2017). A single-label row's confidence is its highest probability; in a multi-label task
    /// each labelled (row, class) is a prediction with confidence p and is right where the class is true.
    /// </summary>
    public static double ExpectedCalibrationError(TaskPredictions task, int bins = DefaultBins) => Error(Reliability(task, bins));

    /// <summary>
    /// Class-wise ECE: the mean over classes of the calibration error of that class's probability against its presence
    /// (Nixon et al. 2019 "static calibration error", Kull et al. 2019).
    /// </summary>
    public static double ClasswiseCalibrationError(TaskPredictions task, int bins = DefaultBins)
    {
        ArgumentNullException.ThrowIfNull(task);
        double sum = 0;
        var count = 0;
        for (var i = 0; i < task.Classes.Count; i++)
        {
            var (scores, positive) = RankingMetrics.Column(task, i);
            var error = Error(Bins(scores, positive, bins));
            if (!double.IsNaN(error))
            {
                sum += error;
                count++;
            }
        }

        return sum / count;
    }

    /// <summary>The reliability curve: <paramref name="bins"/> equal-width bins, empty ones included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one bin.</exception>
    public static IReadOnlyList<ReliabilityBin> Reliability(TaskPredictions task, int bins = DefaultBins)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.MultiLabel)
        {
            var columns = Enumerable.Range(0, task.Classes.Count).Select(i => RankingMetrics.Column(task, i)).ToArray();
            return Bins([.. columns.SelectMany(column => column.Scores)], [.. columns.SelectMany(column => column.Positive)], bins);
        }

        float[] confidences = [.. task.Labelled.Select(row => task.Row(row)[task.Prediction(row)])];
        return Bins(confidences, SingleLabelMetrics.Correct(task), bins);
    }

    /// <summary>The reliability curve of any scored decisions.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one bin.</exception>
    public static IReadOnlyList<ReliabilityBin> Bins(ReadOnlySpan<float> confidences, ReadOnlySpan<bool> right, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (confidences.Length != right.Length)
        {
            throw new ArgumentException($"{confidences.Length} confidences and {right.Length} outcomes do not pair up.", nameof(right));
        }

        var sums = new (long Count, double Confidence, long Right)[bins];
        for (var i = 0; i < confidences.Length; i++)
        {
            // Bins are open below and closed above, as in the definition; 0 goes to the first.
            var bin = Math.Clamp((int)Math.Ceiling((double)confidences[i] * bins) - 1, 0, bins - 1);
            sums[bin].Count++;
            sums[bin].Confidence += confidences[i];
            sums[bin].Right += right[i] ? 1 : 0;
        }

        return
        [
            .. sums.Select(
                (sum, i) =>
                    new ReliabilityBin(
                        (double)i / bins,
                        (i + 1.0) / bins,
                        sum.Count,
                        sum.Count == 0 ? 0 : sum.Confidence / sum.Count,
                        sum.Count == 0 ? 0 : (double)sum.Right / sum.Count
                    )
            ),
        ];
    }

    /// <summary>The calibration error of a reliability curve; NaN where it is empty.</summary>
    public static double Error(IReadOnlyList<ReliabilityBin> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        return curve.Sum(bin => bin.Count * Math.Abs(bin.Accuracy - bin.Confidence)) / curve.Sum(bin => bin.Count);
    }

    private delegate double RowScore(ReadOnlySpan<float> row, int label);

    private static double Mean(TaskPredictions task, RowScore single, Func<float, int, double> multi)
    {
        ArgumentNullException.ThrowIfNull(task);
        double sum = 0;
        long count = 0;
        foreach (var row in task.Labelled)
        {
            if (!task.MultiLabel)
            {
                sum += single(task.Row(row), task.Label(row));
                count++;
                continue;
            }

            for (var i = 0; i < task.Classes.Count; i++)
            {
                if (task.Target(row, i) is >= 0 and var target)
                {
                    sum += multi(task.Row(row)[i], target);
                    count++;
                }
            }
        }

        return sum / count;
    }

    private static double SquaredError(ReadOnlySpan<float> row, int label)
    {
        double sum = 0;
        for (var i = 0; i < row.Length; i++)
        {
            sum += Square(row[i] - (i == label ? 1.0 : 0.0));
        }

        return sum;
    }

    private static double Square(double value) => value * value;

    private static double Log(double probability) => Math.Log(Math.Max(probability, SmallestProbability));
}

/// <summary>The predictions whose confidence lies in (<see cref="Low"/>, <see cref="High"/>] (the first bin includes 0).</summary>
/// <param name="Low">The lower edge.</param>
/// <param name="High">The upper edge.</param>
/// <param name="Count">How many predictions.</param>
/// <param name="Confidence">Their mean confidence; 0 where there are none.</param>
/// <param name="Accuracy">The share that is right; 0 where there are none.</param>
public sealed record ReliabilityBin(double Low, double High, long Count, double Confidence, double Accuracy);
