// What a model said about one task on many rows, beside what is true: the input of every metric.
namespace Duet.Metrics;

/// <summary>Probabilities and labels of one task. Rows without a label are kept but masked out of every metric.</summary>
public sealed class TaskPredictions
{
    /// <summary>The label of a row, or of a class of a row, that nobody labelled.</summary>
    public const int Missing = -1;

    private const float SumTolerance = 0.01f;

    private readonly float[] _probabilities;
    private readonly int[] _labels;
    private readonly int[] _labelled;
    private readonly int[] _predictions;

    private TaskPredictions(string name, IReadOnlyList<string> classes, bool multiLabel, float[] probabilities, int[] labels)
    {
        (Name, Classes, MultiLabel, _probabilities, _labels) = (name, classes, multiLabel, probabilities, labels);
        _labelled = [.. Enumerable.Range(0, Rows).Where(IsLabelled)];
        _predictions = [.. Enumerable.Range(0, Rows).Select(row => Likeliest(Row(row)))];
    }

    /// <summary>The task's name.</summary>
    public string Name { get; }

    /// <summary>The class names; their order is that of the probabilities' columns.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether a row may have several classes (or none) at once.</summary>
    public bool MultiLabel { get; }

    /// <summary>The number of rows, labelled or not.</summary>
    public int Rows => _probabilities.Length / Classes.Count;

    /// <summary>The rows that have a label, ascending; of a multi-label task those where at least one class is labelled.</summary>
    public IReadOnlyList<int> Labelled => _labelled;

    /// <summary>A single-label task: exactly one class per row.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="classes">At least one class name.</param>
    /// <param name="probabilities"><c>[N, C]</c> row-major; every row is a distribution (sums to 1 within 0.01, which bf16 needs).</param>
    /// <param name="labels"><c>[N]</c>, class numbers or -1 where missing.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, a probability is not in [0, 1], a row does not sum to 1, or a label is out of
    /// range.</exception>
    public static TaskPredictions SingleLabel(string name, IReadOnlyList<string> classes, float[] probabilities, int[] labels)
    {
        Check(name, classes, probabilities, labels, labelsPerRow: 1, highest: classes?.Count - 1 ?? 0);
        for (var row = 0; row < labels.Length; row++)
        {
            float sum = 0;
            foreach (var probability in probabilities.AsSpan(row * classes!.Count, classes.Count))
            {
                sum += probability;
            }

            if (Math.Abs(sum - 1) > SumTolerance)
            {
                throw new ArgumentException($"Task '{name}', row {row}: the probabilities sum to {sum}, not 1.", nameof(probabilities));
            }
        }

        return new TaskPredictions(name, classes!, multiLabel: false, probabilities, labels);
    }

    /// <summary>A multi-label task: every class is true, false or unknown on its own.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="classes">At least one class name.</param>
    /// <param name="probabilities"><c>[N, C]</c> row-major, each in [0, 1].</param>
    /// <param name="targets"><c>[N, C]</c> row-major: 1, 0, or -1 where missing.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, a probability is not in [0, 1], or a target is not 1, 0 or -1.</exception>
    public static TaskPredictions MultiHot(string name, IReadOnlyList<string> classes, float[] probabilities, int[] targets)
    {
        Check(name, classes, probabilities, targets, labelsPerRow: classes?.Count ?? 0, highest: 1);
        return new TaskPredictions(name, classes!, multiLabel: true, probabilities, targets);
    }

    /// <summary>The probabilities of a row, <c>[C]</c>.</summary>
    public ReadOnlySpan<float> Row(int row) => _probabilities.AsSpan(row * Classes.Count, Classes.Count);

    /// <summary>The most probable class of a row; of equals the first.</summary>
    public int Prediction(int row) => _predictions[row];

    /// <summary>The label of a row of a single-label task, or -1.</summary>
    /// <exception cref="InvalidOperationException">The task is multi-label.</exception>
    public int Label(int row)
    {
        Require(multiLabel: false);
        return _labels[row];
    }

    /// <summary>Whether a row has a class: 1, 0, or -1 where not known.</summary>
    public int Target(int row, int @class)
    {
        if (MultiLabel)
        {
            return _labels[(row * Classes.Count) + @class];
        }

        return _labels[row] < 0 ? Missing
            : _labels[row] == @class ? 1
            : 0;
    }

    /// <summary>The same task on some of its rows, in the order given.</summary>
    /// <param name="rows">Row numbers; may repeat.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public TaskPredictions Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var (width, perRow) = (Classes.Count, MultiLabel ? Classes.Count : 1);
        var chosen = new float[rows.Count * width];
        var chosenLabels = new int[rows.Count * perRow];
        for (var i = 0; i < rows.Count; i++)
        {
            Row(rows[i]).CopyTo(chosen.AsSpan(i * width));
            _labels.AsSpan(rows[i] * perRow, perRow).CopyTo(chosenLabels.AsSpan(i * perRow));
        }

        return new TaskPredictions(Name, Classes, MultiLabel, chosen, chosenLabels);
    }

    /// <summary>The same labels with other probabilities.</summary>
    /// <param name="change">Changes the probabilities <c>[C]</c> of a row in place; they stay a distribution in a single-label
    /// task.</param>
    internal TaskPredictions Mapped(RowChange change)
    {
        var changed = _probabilities.ToArray();
        for (var row = 0; row < Rows; row++)
        {
            change(changed.AsSpan(row * Classes.Count, Classes.Count));
        }

        return new TaskPredictions(Name, Classes, MultiLabel, changed, _labels);
    }

    /// <summary>Changes a row's probabilities in place.</summary>
    internal delegate void RowChange(Span<float> probabilities);

    /// <summary>Refuses the other kind of task.</summary>
    /// <exception cref="InvalidOperationException">The task is of the other kind.</exception>
    internal void Require(bool multiLabel)
    {
        if (MultiLabel != multiLabel)
        {
            throw new InvalidOperationException(
                $"Task '{Name}' is {(MultiLabel ? "multi" : "single")}-label; this metric is for "
                    + $"{(multiLabel ? "multi" : "single")}-label tasks."
            );
        }
    }

    private static int Likeliest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    private bool IsLabelled(int row) =>
        MultiLabel ? _labels.AsSpan(row * Classes.Count, Classes.Count).ContainsAnyExcept(Missing) : _labels[row] >= 0;

    private static void Check(
        string name,
        IReadOnlyList<string>? classes,
        float[] probabilities,
        int[] labels,
        int labelsPerRow,
        int highest
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(labels);
        if (
            classes.Count == 0
            || (long)probabilities.Length * labelsPerRow != (long)labels.Length * classes.Count
            || probabilities.Length % classes.Count != 0
        )
        {
            throw new ArgumentException(
                $"Task '{name}': {probabilities.Length} probabilities and {labels.Length} labels do not fit {classes.Count} classes.",
                nameof(probabilities)
            );
        }

        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
            {
                throw new ArgumentException(
                    $"Task '{name}', row {i / classes.Count}, class '{classes[i % classes.Count]}': {probabilities[i]} is not a "
                        + $"probability.",
                    nameof(probabilities)
                );
            }
        }

        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < Missing || labels[i] > highest)
            {
                throw new ArgumentException(
                    $"Task '{name}', row {i / labelsPerRow}: label {labels[i]} is not in -1..{highest}.",
                    nameof(labels)
                );
            }
        }
    }
}
