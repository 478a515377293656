// Finds tasks that a run ended too early for, or that it did not learn at all.
using System.Globalization;
using Duet.Data;

namespace Duet.Training;

/// <summary>Looks back at the validation scores of a finished run.</summary>
internal static class LaggingTasks
{
    private const double LastPart = 0.25;
    private const double SteepGain = 0.03;
    private const double StandardErrors = 2;

    /// <summary>What a finished run should have noted at its end.</summary>
    /// <param name="log">The run's epochs, of every stage.</param>
    /// <param name="kept">The epoch whose weights were kept, counted from 1.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="validation">The rows that gave the scores.</param>
    public static IEnumerable<string> Of(
        IEnumerable<EpochReport> log,
        int kept,
        IReadOnlyList<TaskDefinition> tasks,
        ProductDataset validation
    )
    {
        var epochs = log.Where(epoch => epoch.Stage == TrainingStage.Training).ToList();
        return Describe(epochs, kept, stopped: epochs is [.., var last] && last.Epoch < last.Epochs, Baselines(tasks, validation));
    }

    /// <summary>One sentence about the tasks that were still rising steeply, and one about those below their most frequent class.</summary>
    /// <param name="epochs">The epochs of training, in order, with their scores.</param>
    /// <param name="kept">The epoch whose weights were kept, counted from 1.</param>
    /// <param name="stopped">Whether training stopped for lack of progress: what rises then rises too slowly to wait for.</param>
    /// <param name="baselines">Per task the validation rows with a label and the share of the most frequent class among them.</param>
    public static IEnumerable<string> Describe(
        IReadOnlyList<EpochReport> epochs,
        int kept,
        bool stopped,
        IReadOnlyDictionary<string, (int Rows, double? MostFrequent)> baselines
    )
    {
        if (epochs.Count == 0)
        {
            yield break;
        }

        var last = epochs[^1];
        var before = epochs[^Math.Min(epochs.Count, 1 + (int)Math.Ceiling(epochs.Count * LastPart))];
        string[] rising =
        [
            .. from score in last.Scores
            where !stopped && before.Epoch < last.Epoch && before.Scores.ContainsKey(score.Key)
            let gain = score.Value - before.Scores[score.Key]
            where gain > SteepGain && gain > StandardErrors * Error(score.Value, before.Scores[score.Key], baselines[score.Key].Rows)
            select string.Create(
                CultureInfo.InvariantCulture,
                $"{score.Key} (from {before.Scores[score.Key]:0.000} to {score.Value:0.000})"
            ),
        ];
        if (rising.Length > 0)
        {
            var epochsTold = last.Epoch - before.Epoch == 1 ? "the last epoch" : $"the last {last.Epoch - before.Epoch} epochs";
            yield return $"Still rising steeply over {epochsTold}: {string.Join(", ", rising)}. More epochs would probably help.";
        }

        var scores = epochs.FirstOrDefault(epoch => epoch.Epoch == kept)?.Scores ?? last.Scores;
        string[] below =
        [
            .. from score in scores
            where baselines[score.Key].MostFrequent > score.Value
            select string.Create(
                CultureInfo.InvariantCulture,
                $"{score.Key} ({score.Value:0.000}, the most frequent class alone {baselines[score.Key].MostFrequent:0.000})"
            ),
        ];
        if (below.Length > 0)
        {
            yield return $"Worse than always giving the most frequent class: {string.Join(", ", below)}. Train longer, give it fewer "
                + $"tasks at a time, or see whether picture and text say anything about it.";
        }
    }

    /// <summary>What <see cref="Describe"/> compares with, from the labels of the validation rows.</summary>
    public static IReadOnlyDictionary<string, (int Rows, double? MostFrequent)> Baselines(
        IReadOnlyList<TaskDefinition> tasks,
        ProductDataset validation
    )
    {
        var found = new Dictionary<string, (int, double?)>(StringComparer.Ordinal);
        for (var i = 0; i < tasks.Count; i++)
        {
            if (tasks[i].Kind == TaskKind.MultiLabel)
            {
                // The score is an F1, which no single class is a yardstick of.
                found[tasks[i].Name] = (
                    Enumerable.Range(0, validation.Count).Count(row => validation[row].ManyClasses[i] is not null),
                    null
                );
                continue;
            }

            int[] labels =
            [
                .. Enumerable
                    .Range(0, validation.Count)
                    .Select(row => validation[row].Classes[i])
                    .Where(label => label != TaskSchema.Missing),
            ];
            found[tasks[i].Name] = (
                labels.Length,
                labels.Length == 0 ? null : labels.CountBy(label => label).Max(count => count.Value) / (double)labels.Length
            );
        }

        return found;
    }

    // Of the difference of two shares of the same rows; taken as independent, which is too large and so errs towards silence.
    private static double Error(double one, double other, int rows) =>
        Math.Sqrt(((one * (1 - one)) + (other * (1 - other))) / Math.Max(1, rows));
}
