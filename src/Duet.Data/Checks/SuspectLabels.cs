// Looks for wrong labels in a task.
namespace Duet.Data.Checks;

/// <summary>Predicts the labels of classes with enough rows without having seen them, and lists those that do not fit.</summary>
internal static class SuspectLabels
{
    private const int LeastRowsPerClass = 4;
    private const int MaxClasses = 500;

    /// <summary>The suspect labels and how often the predictions agree with the labels; none and null where the task cannot be looked
    /// at.</summary>
    /// <param name="task">The task.</param>
    /// <param name="labels">The label of every product, of a task with one label in its one spelling; null for none.</param>
    /// <param name="counts">Rows by class.</param>
    /// <param name="features">The features of all products.</param>
    /// <param name="options">Folds, seed, bounds.</param>
    /// <param name="cancellation">Stops after the current fold.</param>
    public static (IReadOnlyList<(int Product, double Margin, string Detail)> Suspects, double? Accuracy) Find(
        TaskColumn task,
        List<string?> labels,
        Dictionary<string, int> counts,
        LabelFeatures features,
        DataCheckOptions options,
        CancellationToken cancellation
    )
    {
        var several = task.Kind == TaskKind.MultiLabel;
        var labelled = labels.Count(label => label is not null);
        var classes = counts
            .Where(count => count.Value >= LeastRowsPerClass && (!several || labelled - count.Value >= LeastRowsPerClass))
            .Select(count => count.Key)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (classes.Count > MaxClasses || classes.Count < (several ? 1 : 2))
        {
            return ([], null);
        }

        var indexes = classes
            .Select((name, index) => (name, index))
            .ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        var rows = Enumerable
            .Range(0, labels.Count)
            .Where(i => labels[i] is { } label && (several || indexes.ContainsKey(label)))
            .ToArray();
        var given = Array.ConvertAll(
            rows,
            row =>
                several
                    ? LabelCell.Canonical(task, labels[row]).Where(indexes.ContainsKey).Select(label => indexes[label]).ToArray()
                    : [indexes[labels[row]!]]
        );
        var probabilities = new OutOfFoldClassifier(features, classes.Count, several, options).Predict(rows, given, cancellation);
        return several
            ? (
                [
                    .. ConfidentLearning
                        .Suspects(probabilities, given)
                        .Select(suspect =>
                            (
                                rows[suspect.Index],
                                suspect.Margin,
                                suspect.IsGiven
                                    ? $"labelled '{classes[suspect.Class]}', which it does not look like"
                                    : $"not labelled '{classes[suspect.Class]}', looks like it"
                            )
                        ),
                ],
                Agreement(probabilities, given)
            )
            : (
                [
                    .. ConfidentLearning
                        .Suspects(probabilities, Array.ConvertAll(given, label => label[0]))
                        .Select(suspect =>
                            (
                                rows[suspect.Index],
                                suspect.Margin,
                                $"labelled '{classes[given[suspect.Index][0]]}', looks like '{classes[suspect.Likelier]}'"
                            )
                        ),
                ],
                Accuracy(probabilities, given)
            );
    }

    private static double Accuracy(float[][] probabilities, int[][] given) =>
        probabilities.Zip(given).Average(row => row.First.AsSpan().IndexOf(row.First.Max()) == row.Second[0] ? 1.0 : 0);

    // The micro F1 of classes above one half: the share of agreement would be high of rare classes that are never predicted.
    private static double Agreement(float[][] probabilities, int[][] given)
    {
        long right = 0,
            said = 0,
            labelled = 0;
        foreach (var (row, labels) in probabilities.Zip(given))
        {
            said += row.Count(probability => probability >= 0.5f);
            right += labels.Count(label => row[label] >= 0.5f);
            labelled += labels.Length;
        }

        return said + labelled == 0 ? 0 : 2.0 * right / (said + labelled);
    }
}
