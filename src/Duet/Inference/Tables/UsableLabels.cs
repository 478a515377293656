// Refuses to measure where nothing can be measured.
using System.Globalization;
using Duet.Data;
using Duet.Metrics;

namespace Duet.Inference;

/// <summary>Whether a table has labels that a model can be measured by.</summary>
internal static class UsableLabels
{
    /// <summary>Checks that at least one label counted.</summary>
    /// <param name="path">The table.</param>
    /// <param name="schema">The tasks.</param>
    /// <param name="tasks">What the model said of the rows, beside their labels.</param>
    /// <param name="unseen">The labels that are not classes.</param>
    /// <exception cref="TableException">None counted; the message says per task what its column holds instead.</exception>
    public static void Require(string path, TaskSchema schema, IReadOnlyList<TaskPredictions> tasks, UnseenLabels unseen)
    {
        if (tasks.Any(task => task.Labelled.Count > 0))
        {
            return;
        }

        var reasons = schema.Tasks.Select(task =>
            UnseenLabel.Sentence(task, unseen)
            ?? string.Create(
                CultureInfo.InvariantCulture,
                $"The column '{task.Column}' of the task {task.Name} is empty in all {tasks[0].Rows} rows."
            )
        );
        throw new TableException(
            $"No label in {path} could be used, so there is nothing to measure. {string.Join(' ', reasons)} Correct the labels, or "
                + $"name a table that has labels of this run."
        )
        {
            File = path,
        };
    }
}
