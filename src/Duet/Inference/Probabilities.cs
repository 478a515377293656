// From logits to probabilities, in managed memory.
using Duet.Data;
using Duet.Runs;

namespace Duet.Inference;

/// <summary>Softmax for single-label tasks, a sigmoid per class for multi-label ones.</summary>
internal static class Probabilities
{
    /// <summary>Turns the logits <c>[B, C]</c> of a task into probabilities, in place.</summary>
    /// <param name="task">The task.</param>
    /// <param name="logits">The logits.</param>
    /// <param name="batch">The products, for the message.</param>
    /// <param name="usable">Of which products the model saw something; the others' numbers mean nothing.</param>
    /// <exception cref="RunException">The model's output is not a number.</exception>
    public static float[] Of(TaskDefinition task, float[] logits, ProductBatch batch, bool[] usable)
    {
        var classes = task.Classes.Count;
        for (var row = 0; row < batch.Count; row++)
        {
            var scores = logits.AsSpan(row * classes, classes);
            if (task.Kind == TaskKind.SingleLabel)
            {
                Softmax(scores);
            }
            else
            {
                Sigmoid(scores);
            }

            if (usable[row] && scores.ContainsAnyExceptInRange(0f, 1f))
            {
                throw new RunException(
                    $"The model's output for task '{task.Name}' of product '{batch.Ids[row]}' is not a number. Its weights are "
                        + $"damaged, or overflow in a low-precision format: try precision fp32."
                );
            }
        }

        return logits;
    }

    private static void Softmax(Span<float> scores)
    {
        var largest = float.NegativeInfinity;
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = 0;
        foreach (ref var score in scores)
        {
            score = MathF.Exp(score - largest);
            sum += score;
        }

        foreach (ref var score in scores)
        {
            score = (float)(score / sum);
        }
    }

    private static void Sigmoid(Span<float> scores)
    {
        foreach (ref var score in scores)
        {
            score = (float)(1 / (1 + Math.Exp(-score)));
        }
    }
}
