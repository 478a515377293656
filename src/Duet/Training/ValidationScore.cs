// How good an epoch's weights are on the validation split, and whether they are the ones to keep.
using Duet.Data;
using Duet.Inference;
using Duet.Metrics;
using Duet.Models;

namespace Duet.Training;

/// <summary>The scores of one epoch's weights on the validation split.</summary>
/// <param name="Tasks">Accuracy (single-label) or micro F1 (multi-label) by task, of the tasks with labels.</param>
/// <param name="StandardError">
/// The standard error of <see cref="Mean"/>: <c>sqrt(sum_k s_k (1 - s_k) / n_k) / K</c>, each score taken as a share of the task's n_k
/// labelled rows.
/// </param>
public sealed record ValidationScore(IReadOnlyDictionary<string, double> Tasks, double StandardError)
{
    /// <summary>The score of a run without a validation split.</summary>
    public static ValidationScore None { get; } = Of([]);

    /// <summary>The mean over tasks; null without a validation split.</summary>
    public double? Mean => Tasks.Count > 0 ? Tasks.Values.Average() : null;

    /// <summary>Measures a model over a split; training goes on afterwards as before.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">Its forward pass.</param>
    /// <param name="batches">The split, with labels.</param>
    internal static ValidationScore Of(ProductModel model, ForwardPass pass, IEnumerable<ProductBatch> batches)
    {
        var predictions = new PredictionCollector(pass.Tasks);
        var training = model.training;
        model.eval();
        foreach (var batch in batches)
        {
            using (batch)
            {
                var result = pass.Run(batch);
                for (var row = 0; row < batch.Count; row++)
                {
                    predictions.Add(batch, result, row);
                }
            }
        }

        model.train(training);
        return Of(predictions.ToPredictions());
    }

    /// <summary>Measures predictions.</summary>
    /// <param name="predictions">Of every task.</param>
    public static ValidationScore Of(IReadOnlyList<TaskPredictions> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var scored = predictions
            .Select(task => (task.Name, Rows: task.Labelled.Count, Score: ScoreOf(task)))
            .Where(task => task.Score is not null)
            .ToList();
        var variance = scored.Sum(task => task.Score!.Value * (1 - task.Score.Value) / task.Rows);
        return new ValidationScore(
            scored.ToDictionary(task => task.Name, task => task.Score!.Value, StringComparer.Ordinal),
            Math.Sqrt(variance) / Math.Max(1, scored.Count)
        );
    }

    // Accuracy of a single-label task, micro F1 of a multi-label one; null where no row has a label.
    private static double? ScoreOf(TaskPredictions predictions)
    {
        var metrics = TaskEvaluator.Evaluate(predictions, new EvaluationOptions { Resamples = 0 });
        return predictions.MultiLabel ? metrics.MicroF1 : metrics.Accuracy;
    }

    /// <summary>
    /// Whether these weights are kept in the place of earlier ones. Of an epoch in the middle only a better score counts. The last epoch's
    /// weights are where the schedule was leading, so they are kept unless the score is lower by more than chance explains (the
    /// one-standard-error rule of Breiman et al., "Classification and Regression Trees", 1984; docs/decisions/012).
    /// </summary>
    /// <param name="kept">The mean score of the weights kept so far; null where there are none.</param>
    /// <param name="last">Whether this is the last epoch.</param>
    /// <param name="tolerance">How many standard errors count as chance.</param>
    public bool Replaces(double? kept, bool last, double tolerance) =>
        Mean is null || kept is null || Mean > kept || (last && tolerance > 0 && Mean >= kept - (tolerance * StandardError));
}
