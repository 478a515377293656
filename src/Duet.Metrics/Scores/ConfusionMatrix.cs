// Which class is taken for which, and the scores that follow from it.

namespace Duet.Metrics;

/// <summary>Counts of (true class, predicted class) of a single-label task.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    private ConfusionMatrix(IReadOnlyList<string> classes)
    {
        Classes = classes;
        _counts = new long[classes.Count, classes.Count];
    }

    /// <summary>The class names, in the order of rows and columns.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The number of rows counted.</summary>
    public long Total { get; private set; }

    /// <summary>The number of rows whose prediction is right.</summary>
    public long Correct { get; private set; }

    /// <summary>How many rows of class <paramref name="actual"/> were given class <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>Counts the labelled rows of a task.</summary>
    /// <exception cref="InvalidOperationException">The task is multi-label.</exception>
    public static ConfusionMatrix Of(TaskPredictions task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var matrix = new ConfusionMatrix(task.Classes);
        foreach (var row in task.Labelled)
        {
            matrix.Add(task.Label(row), task.Prediction(row));
        }

        return matrix;
    }

    /// <summary>Counts pairs of class numbers.</summary>
    /// <param name="classes">The class names.</param>
    /// <param name="actual">True classes.</param>
    /// <param name="predicted">Predicted classes, as many.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    /// <exception cref="IndexOutOfRangeException">A class number has no class.</exception>
    public static ConfusionMatrix Of(IReadOnlyList<string> classes, ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (actual.Length != predicted.Length)
        {
            throw new ArgumentException($"{actual.Length} labels and {predicted.Length} predictions do not pair up.", nameof(predicted));
        }

        var matrix = new ConfusionMatrix(classes);
        for (var i = 0; i < actual.Length; i++)
        {
            matrix.Add(actual[i], predicted[i]);
        }

        return matrix;
    }

    /// <summary>The pairs that occur, by true class and then by predicted class in the order of <see cref="Classes"/>.</summary>
    public IReadOnlyList<ConfusionCell> Cells()
    {
        var cells = new List<ConfusionCell>();
        for (var actual = 0; actual < Classes.Count; actual++)
        {
            for (var predicted = 0; predicted < Classes.Count; predicted++)
            {
                if (_counts[actual, predicted] > 0)
                {
                    cells.Add(new ConfusionCell(Classes[actual], Classes[predicted], _counts[actual, predicted]));
                }
            }
        }

        return cells;
    }

    /// <summary>The scores of every class.</summary>
    public IReadOnlyList<ClassScores> PerClass()
    {
        var scores = new ClassScores[Classes.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            long support = 0,
                predicted = 0;
            for (var j = 0; j < scores.Length; j++)
            {
                support += _counts[i, j];
                predicted += _counts[j, i];
            }

            scores[i] = ClassScores.Of(Classes[i], _counts[i, i], support, predicted);
        }

        return scores;
    }

    private void Add(int actual, int predicted)
    {
        _counts[actual, predicted]++;
        Total++;
        Correct += actual == predicted ? 1 : 0;
    }
}

/// <summary>How often rows of one class were given another, or the same.</summary>
/// <param name="True">The true class.</param>
/// <param name="Predicted">The predicted class.</param>
/// <param name="Count">Labelled rows, at least 1.</param>
public sealed record ConfusionCell(string True, string Predicted, long Count);
