// From rows of probabilities to answers with names.
using Duet.Data;

namespace Duet.Inference;

/// <summary>Makes a product's answers from a batch's results.</summary>
internal static class Answers
{
    private const int Listed = 5;

    /// <summary>The answers to all tasks for one row of a batch.</summary>
    public static Classification Of(IReadOnlyList<TaskDefinition> tasks, BatchResult result, int row, float threshold)
    {
        var answers = new TaskAnswer[tasks.Count];
        for (var task = 0; task < answers.Length; task++)
        {
            answers[task] = Of(tasks[task], result, task, row, threshold);
        }

        return new Classification(answers);
    }

    private static TaskAnswer Of(TaskDefinition task, BatchResult result, int index, int row, float threshold)
    {
        var probabilities = result.Probabilities[index].AsSpan(row * task.Classes.Count, task.Classes.Count);
        var order = Order(probabilities);
        var top = order.Take(Listed).Select(i => At(task, result.Probabilities[index], row, i)).ToArray();
        return new TaskAnswer(task.Name, task.Kind, top[0].Label, top[0].Probability, top)
        {
            Given = task.Kind == TaskKind.SingleLabel
                ? [top[0]]
                : [.. order.Select(i => At(task, result.Probabilities[index], row, i)).TakeWhile(given => given.Probability >= threshold)],
            Probabilities = Array.ConvertAll(probabilities.ToArray(), probability => (double)probability),
            ImageShare = result.Shares?[index][row * 2],
        };
    }

    private static LabelProbability At(TaskDefinition task, float[] probabilities, int row, int index) =>
        new(task.Classes[index], probabilities[(row * task.Classes.Count) + index]);

    // Likeliest first; of equals the first class, as metrics have it.
    private static int[] Order(ReadOnlySpan<float> probabilities)
    {
        var order = new int[probabilities.Length];
        var keys = new float[probabilities.Length];
        for (var i = 0; i < order.Length; i++)
        {
            (order[i], keys[i]) = (i, -probabilities[i]);
        }

        // Array.Sort is not stable, so equal keys are told apart by their index.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        return order;
    }
}
