// Compares two runs on the same rows.
using Duet.Evaluation;
using Duet.Inference;

namespace Duet.Reports.Gathering;

/// <summary>Puts a second run beside the first.</summary>
internal static class RunContrasts
{
    private const int Seed = 1;

    /// <summary>Compares, task by task, on the rows that both answered.</summary>
    /// <param name="folder">The second run's folder.</param>
    /// <param name="title">What to call it.</param>
    /// <param name="first">The run.</param>
    /// <param name="second">The second run.</param>
    public static RunContrast Of(string folder, string title, ModelMeasurement first, ModelMeasurement second)
    {
        var places = second.Rows.Rows.Select((row, i) => (row, i)).ToDictionary(pair => pair.row, pair => pair.i);
        var shared = first.Rows.Rows.Select((row, i) => (First: i, Second: places.GetValueOrDefault(row, -1))).Where(pair => pair.Second >= 0).ToList();
        var tasks = new List<TaskContrast>();
        foreach (var task in first.Result.Predictions)
        {
            var other = second.Result.Predictions.FirstOrDefault(candidate => string.Equals(candidate.Name, task.Name, StringComparison.Ordinal));
            if (other is not null && other.MultiLabel == task.MultiLabel && Of(task, other, shared) is { } contrast)
            {
                tasks.Add(contrast);
            }
        }

        return new RunContrast(folder, title, tasks);
    }

    private static TaskContrast? Of(TaskPredictions first, TaskPredictions second, List<(int First, int Second)> shared)
    {
        var threshold = new ModelUseOptions().Threshold;
        var (one, two) = (new RowVerdicts([first], threshold), new RowVerdicts([second], threshold));
        var pairs = shared
            .Select(pair => (First: one.Right(0, pair.First), Second: two.Right(0, pair.Second)))
            .Where(pair => pair is { First: not null, Second: not null })
            .ToList();
        if (pairs.Count == 0)
        {
            return null;
        }

        bool[] right = [.. pairs.Select(pair => pair.First!.Value)];
        bool[] otherRight = [.. pairs.Select(pair => pair.Second!.Value)];
        var values = Array.ConvertAll(right, value => value ? 1.0 : 0.0);
        var otherValues = Array.ConvertAll(otherRight, value => value ? 1.0 : 0.0);
        var points = first.Rows == second.Rows && first.Labelled.SequenceEqual(second.Labelled) ? RecallAtPrecision.AtBaselinePrecision(first, second) : default;
        return new TaskContrast(
            first.Name,
            pairs.Count,
            values.Average(),
            otherValues.Average(),
            Significance.PairedBootstrap(values, otherValues, Seed),
            Significance.McNemar(right, otherRight),
            points.System?.Recall,
            points.Baseline?.Recall);
    }
}
