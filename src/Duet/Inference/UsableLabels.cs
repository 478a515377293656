// Refuses to measure where nothing can be measured.
using System.Globalization;
using Duet.Data;
using Duet.Evaluation;

namespace Duet.Inference;

/// <summary>Whether a table has labels that a model can be measured by.</summary>
internal static class UsableLabels
{
    /// <summary>Checks that at least one label counted.</summary>
    /// <param name="path">The table.</param>
    /// <param name="schema">The tasks.</param>
    /// <param name="report">What was measured.</param>
    /// <param name="unseen">The labels that are no classes.</param>
    /// <exception cref="TableException">None counted; the message says per task what its column holds instead.</exception>
    public static void Require(string path, TaskSchema schema, EvaluationReport report, UnseenLabels unseen)
    {
        if (report.Tasks.Values.Any(task => task.N > 0))
        {
            return;
        }

        var reasons = schema.Tasks.Select(task => UnseenLabel.Sentence(task, unseen)
            ?? string.Create(CultureInfo.InvariantCulture, $"The column '{task.Column}' of the task {task.Name} is empty in all {report.N} rows."));
        throw new TableException($"No label in {path} could be used, so there is nothing to measure. {string.Join(' ', reasons)} Correct the labels, or name a table that has labels of this run.") { File = path };
    }
}
