// Answers with their confidence, beside whether they were right.

namespace Duet.Metrics.Calibration;

/// <summary>Decisions that a threshold accepts or leaves to people. Equal scores are accepted together.</summary>
public sealed class ScoredDecisions : Decisions
{
    private readonly double[] _scores;

    // Of the i + 1 highest scores, how many are right.
    private readonly int[] _rightUpTo;

    /// <summary>Creates the list.</summary>
    /// <param name="decisions">Confidence in [0, 1] and whether the decision is right.</param>
    public ScoredDecisions(IEnumerable<(double Score, bool Right)> decisions)
    {
        var sorted = decisions.OrderByDescending(decision => decision.Score).ToArray();
        _scores = Array.ConvertAll(sorted, decision => decision.Score);
        _rightUpTo = new int[sorted.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            _rightUpTo[i] = (i == 0 ? 0 : _rightUpTo[i - 1]) + (sorted[i].Right ? 1 : 0);
        }
    }

    /// <inheritdoc/>
    public override int Count => _scores.Length;

    /// <summary>
    /// The answers of a task. A row's answer is its most probable class, or in a multi-label task the classes that are given; its score is
    /// the smallest probability among them and it is right if all are. Rows without an answer or with an unknown label for it are left out.
    /// </summary>
    /// <param name="task">Probabilities and labels.</param>
    /// <param name="rows">The rows that count.</param>
    /// <param name="given">From which probability on a class of a multi-label task is given.</param>
    public static ScoredDecisions OfAnswers(TaskPredictions task, IEnumerable<int> rows, double given)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new ScoredDecisions(
            rows.Select(row => (Answer: Given(task, row, given), Row: row))
                .Where(answer => answer.Answer.Count > 0 && answer.Answer.All(label => task.Target(answer.Row, label) >= 0))
                .Select(answer =>
                    (
                        answer.Answer.Min(label => (double)task.Row(answer.Row)[label]),
                        answer.Answer.All(label => task.Target(answer.Row, label) == 1)
                    )
                )
        );
    }

    /// <summary>The answers that give one class: scored by its probability, right where the row has the class.</summary>
    /// <param name="task">Probabilities and labels.</param>
    /// <param name="rows">The rows that count.</param>
    /// <param name="given">From which probability on a class of a multi-label task is given.</param>
    /// <param name="label">The class.</param>
    public static ScoredDecisions OfClass(TaskPredictions task, IEnumerable<int> rows, double given, int label)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new ScoredDecisions(
            rows.Where(row => task.Target(row, label) >= 0 && Given(task, row, given).Contains(label))
                .Select(row => ((double)task.Row(row)[label], task.Target(row, label) == 1))
        );
    }

    /// <inheritdoc/>
    public override (int Accepted, int Right) At(double threshold) =>
        CountOf(threshold) is > 0 and var accepted ? (accepted, _rightUpTo[accepted - 1]) : (0, 0);

    /// <inheritdoc/>
    public override double? LowestAccepted(double threshold) => CountOf(threshold) is > 0 and var accepted ? _scores[accepted - 1] : null;

    private int CountOf(double threshold)
    {
        var (low, high) = (0, _scores.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _scores[middle] >= threshold ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<(double Threshold, int Accepted, int Right)> Steps()
    {
        var steps = new List<(double Threshold, int Accepted, int Right)>();
        for (var i = 0; i < _scores.Length; i++)
        {
            if (i == _scores.Length - 1 || _scores[i + 1] < _scores[i])
            {
                steps.Add((_scores[i], i + 1, _rightUpTo[i]));
            }
        }

        return steps;
    }

    /// <summary>The classes that a row is given.</summary>
    internal static IReadOnlyList<int> Given(TaskPredictions task, int row, double given)
    {
        if (!task.MultiLabel)
        {
            return [task.Prediction(row)];
        }

        var labels = new List<int>();
        var probabilities = task.Row(row);
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] >= given)
            {
                labels.Add(i);
            }
        }

        return labels;
    }
}

/// <summary>What <see cref="ThresholdSearch"/> needs to know about answers on labelled rows.</summary>
public abstract class Decisions
{
    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>How many rows a threshold accepts, and how many of them rightly.</summary>
    public abstract (int Accepted, int Right) At(double threshold);

    /// <summary>The lowest confidence among the rows that a threshold accepts; null where it accepts none.</summary>
    public abstract double? LowestAccepted(double threshold);

    /// <summary>Thresholds worth trying, descending, with what they accept.</summary>
    internal abstract IReadOnlyList<(double Threshold, int Accepted, int Right)> Steps();
}
