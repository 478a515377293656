// Metrics of an ordering by score: area under the ROC curve and average precision.
namespace Duet.Metrics;

/// <summary>How well scores put the true ones before the false ones. NaN where one of the two is absent.</summary>
public static class RankingMetrics
{
    /// <summary>
    /// The area under the ROC curve: the chance that a true one scores above a false one, ties counting half
    /// (Hanley and McNeil 1982; the Mann-Whitney statistic).
    /// </summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double RocAuc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive)
    {
        double area = 0;
        long accepted = 0,
            right = 0;
        foreach (var step in RankedDecisions.Steps(scores, positive))
        {
            var wrongHere = step.Accepted - step.Right - (accepted - right);

            // A trapezium: the wrong ones of this step lie below those accepted before and level with the right ones of the step.
            area += wrongHere * (right + ((step.Right - right) / 2.0));
            (accepted, right) = (step.Accepted, step.Right);
        }

        var wrong = accepted - right;
        return right == 0 || wrong == 0 ? double.NaN : area / ((double)right * wrong);
    }

    /// <summary>
    /// Average precision: the sum over thresholds of (recall - recall of the threshold before) x precision, without interpolation
    /// (Zhu 2004; the same as scikit-learn's). NaN where nothing is true.
    /// </summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double AveragePrecision(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive)
    {
        double sum = 0;
        long before = 0;
        foreach (var step in RankedDecisions.Steps(scores, positive))
        {
            sum += (step.Right - before) * ((double)step.Right / step.Accepted);
            before = step.Right;
        }

        return sum / before;
    }

    /// <summary>The mean over classes of one class against the rest, over the classes that have both true and false rows; NaN where none
    /// has.</summary>
    public static double MacroRocAuc(TaskPredictions task) => ClassMean(task, RocAuc);

    /// <summary>The mean over classes of average precision (mAP), over the classes that have true rows; NaN where none has.</summary>
    public static double MacroAveragePrecision(TaskPredictions task) => ClassMean(task, AveragePrecision);

    /// <summary>Average precision of all (row, class) decisions in one ranking.</summary>
    public static double MicroAveragePrecision(TaskPredictions task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var scores = new List<float>();
        var positive = new List<bool>();
        for (var i = 0; i < task.Classes.Count; i++)
        {
            var (columnScores, columnPositive) = Column(task, i);
            scores.AddRange(columnScores);
            positive.AddRange(columnPositive);
        }

        return AveragePrecision([.. scores], [.. positive]);
    }

    /// <summary>One class against the rest: its scores and truths over the rows labelled for it.</summary>
    internal static (float[] Scores, bool[] Positive) Column(TaskPredictions task, int @class)
    {
        var rows = task.Labelled.Where(row => task.Target(row, @class) >= 0).ToArray();
        return ([.. rows.Select(row => task.Row(row)[@class])], [.. rows.Select(row => task.Target(row, @class) == 1)]);
    }

    private delegate double Metric(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive);

    private static double ClassMean(TaskPredictions task, Metric metric)
    {
        ArgumentNullException.ThrowIfNull(task);
        double sum = 0;
        var count = 0;
        for (var i = 0; i < task.Classes.Count; i++)
        {
            var (scores, positive) = Column(task, i);
            var value = metric(scores, positive);
            if (!double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        return sum / count;
    }
}
