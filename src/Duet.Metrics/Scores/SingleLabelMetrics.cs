// Accuracy and top-k accuracy.
namespace Duet.Metrics;

/// <summary>Metrics of single-label tasks over the labelled rows; NaN where no row is labelled.</summary>
public static class SingleLabelMetrics
{
    /// <summary>Right predictions / labelled rows.</summary>
    /// <exception cref="InvalidOperationException">The task is multi-label.</exception>
    public static double Accuracy(TaskPredictions task) => TopK(task, 1);

    /// <summary>
    /// Rows whose true class is among the <paramref name="k"/> most probable / labelled rows. Among equal probabilities the class that
    /// comes first wins, as in <see cref="TaskPredictions.Prediction"/>, so that a constant model gains nothing from its ties.
    /// With k classes or fewer it is 1.
    /// </summary>
    /// <exception cref="InvalidOperationException">The task is multi-label.</exception>
    public static double TopK(TaskPredictions task, int k)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        task.Require(multiLabel: false);
        var hits = task.Labelled.Count(row => Rank(task.Row(row), task.Label(row)) < k);
        return (double)hits / task.Labelled.Count;
    }

    /// <summary>Whether each labelled row is right, in the order of <see cref="TaskPredictions.Labelled"/>.</summary>
    /// <exception cref="InvalidOperationException">The task is multi-label.</exception>
    public static bool[] Correct(TaskPredictions task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return [.. task.Labelled.Select(row => task.Prediction(row) == task.Label(row))];
    }

    // 0 for the most probable class.
    private static int Rank(ReadOnlySpan<float> probabilities, int label)
    {
        var rank = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var before = probabilities[i] > probabilities[label] || (probabilities[i] == probabilities[label] && i < label);
            rank += before ? 1 : 0;
        }

        return rank;
    }
}
