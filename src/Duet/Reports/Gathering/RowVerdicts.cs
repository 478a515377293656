// Which rows are right, which wrong, and how sure the model was.
using Duet.Metrics;
using Duet.Metrics.Calibration;

namespace Duet.Reports.Gathering;

/// <summary>Judges the rows of an evaluation.</summary>
/// <param name="tasks">Predictions and labels of every task, over the same rows.</param>
/// <param name="threshold">From which probability on a class of a multi-label task counts as given.</param>
/// <param name="decisions">Per task the decision on every row's answer; empty where the run is not calibrated.</param>
internal sealed class RowVerdicts(IReadOnlyList<TaskPredictions> tasks, float threshold, IReadOnlyList<IReadOnlyList<Decision>> decisions)
{
    /// <summary>The number of rows.</summary>
    public int Rows => tasks[0].Rows;

    /// <summary>Whether a row's answer is right; null where it is not labelled.</summary>
    public bool? Right(int task, int row)
    {
        var predictions = tasks[task];
        if (!predictions.MultiLabel)
        {
            return predictions.Label(row) is var label && label < 0 ? null : predictions.Prediction(row) == label;
        }

        bool? right = null;
        for (var i = 0; i < predictions.Classes.Count; i++)
        {
            if (predictions.Target(row, i) is >= 0 and var target)
            {
                right = right is not false && predictions.Row(row)[i] >= threshold == (target == 1);
            }
        }

        return right;
    }

    /// <summary>How sure the model was: the probability of its answer, or of a multi-label task the mean over classes of the likelier
    /// side.</summary>
    public double Confidence(int task, int row)
    {
        var predictions = tasks[task];
        var probabilities = predictions.Row(row);
        if (!predictions.MultiLabel)
        {
            return probabilities[predictions.Prediction(row)];
        }

        double sum = 0;
        foreach (var probability in probabilities)
        {
            sum += Math.Max(probability, 1 - probability);
        }

        return sum / probabilities.Length;
    }

    /// <summary>What the model said.</summary>
    public string Answer(int task, int row) =>
        tasks[task].MultiLabel ? Joined(task, i => tasks[task].Row(row)[i] >= threshold) : tasks[task].Classes[tasks[task].Prediction(row)];

    /// <summary>What is true; null where the row is not labelled.</summary>
    public string? Truth(int task, int row)
    {
        if (Right(task, row) is null)
        {
            return null;
        }

        return tasks[task].MultiLabel ? Joined(task, i => tasks[task].Target(row, i) == 1) : tasks[task].Classes[tasks[task].Label(row)];
    }

    /// <summary>Whether the answer is accepted, or why it needs review; null where the run is not calibrated.</summary>
    public ShownDecision? Decision(int task, int row) =>
        decisions.Count == 0 ? null : new ShownDecision(decisions[task][row].Accepted, decisions[task][row].ToString());

    private string Joined(int task, Func<int, bool> given)
    {
        var names = Enumerable.Range(0, tasks[task].Classes.Count).Where(given).Select(i => tasks[task].Classes[i]).ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }
}
