// From rows of probabilities to answers with names.
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Metrics.Hierarchy;

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

        return new Classification(answers)
        {
            Inputs = result.Decisions?.Patterns[row].ToString(),
            Novelty = result.Decisions?.Novelty[row],
        };
    }

    private static TaskAnswer Of(TaskDefinition task, BatchResult result, int index, int row, float threshold)
    {
        var decisions = result.Decisions;
        var probabilities = (decisions?.Probabilities ?? result.Probabilities)[index]
            .AsSpan(row * task.Classes.Count, task.Classes.Count)
            .ToArray();
        var order = Order(probabilities);
        LabelProbability At(int label) => new(task.Classes[label], probabilities[label]);
        var top = order.Take(Listed).Select(At).ToArray();
        LabelProbability[] given =
            task.Kind == TaskKind.SingleLabel ? [top[0]] : [.. order.Select(At).TakeWhile(one => one.Probability >= threshold)];
        return new TaskAnswer(task.Name, task.Kind, top[0].Label, top[0].Probability, top)
        {
            Given = given,
            Probabilities = Array.ConvertAll(probabilities, probability => (double)probability),
            Path = task.Paths?[order[0]],
            Ancestor =
                task.Tree is { } tree && decisions?.Levels(index, row) is { } thresholds
                    ? Ancestor(tree, probabilities, order[0], thresholds)
                    : null,
            ImageShare = result.Shares?[index][row * 2],
            Decision = decisions?.Decide(index, row, [.. given.Select(one => (one.Label, one.Probability))]),
        };
    }

    private static LabelProbability? Ancestor(
        ClassTree tree,
        float[] probabilities,
        int label,
        IReadOnlyList<PrecisionThreshold> thresholds
    )
    {
        var levels = Backoff.Levels(tree, probabilities, label);
        return Backoff.Depth(levels, thresholds) is > 0 and var depth
            ? new LabelProbability(tree.Nodes[tree.Path(label)[depth - 1]].Path, levels[depth - 1])
            : null;
    }

    // Likeliest first; of equals the first class, as metrics have it.
    private static int[] Order(ReadOnlySpan<float> probabilities)
    {
        var order = new int[probabilities.Length];
        var keys = new float[probabilities.Length];
        for (var i = 0; i < order.Length; i++)
        {
            (order[i], keys[i]) = (i, -probabilities[i]);
        }

        // Array.Sort is not stable, so equal keys are distinguished by their index.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        return order;
    }
}
