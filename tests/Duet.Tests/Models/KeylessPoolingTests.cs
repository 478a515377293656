// How CMA-CLIP's tasks read a modality's tokens.
using Duet.Models;
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static Duet.Tests.Models.CmaClipCases;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

public sealed class KeylessPoolingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void By_hand()
    {
        using var pooling = Of([1, 0, 0, 2], tasks: 2, width: 2);
        var tokens = Tensors.From<float>([1, 2, 3, -1, 50, 50], 1, 3, 2);
        var (means, weights) = pooling.Forward(tokens, Tensors.From([true, true, false], 1, 3));

        // Scores: 1 and 3 for the first task, 4 and -2 for the second; the third token is hidden.
        var (first, second) = ((float)(1 / (1 + Math.Exp(2))), (float)(1 / (1 + Math.Exp(-6))));
        Close(weights.ToArray(), [first, 1 - first, 0, second, 1 - second, 0], 1e-6f);
        Close(
            means.ToArray(),
            [first + (3 * (1 - first)), (2 * first) - (1 - first), second + (3 * (1 - second)), (2 * second) - (1 - second)],
            1e-5f
        );
    }

    [Fact]
    public void Without_a_preference_it_is_the_mean()
    {
        using var pooling = Of([0, 0, 0], tasks: 1, width: 3);
        var tokens = Tensors.Normal([2, 5, 3]);
        Close(pooling.Forward(tokens).Means.ToArray(), tokens.mean([1]).ToArray(), 1e-6f);
    }

    [Fact]
    public void The_order_of_tokens_does_not_matter()
    {
        TorchRuntime.Seed(5);
        using var pooling = new KeylessPooling(3, 4);
        var (tokens, order) = (Tensors.Normal([2, 6, 4]), Tensors.From<long>([4, 1, 5, 0, 3, 2], 6));
        var (means, weights) = pooling.Forward(tokens);
        var (again, moved) = pooling.Forward(tokens.index_select(1, order));
        Close(again.ToArray(), means.ToArray(), 1e-6f);
        Close(moved.ToArray(), weights.index_select(2, order).ToArray(), 1e-6f);
    }

    [Fact]
    public void Tasks_of_a_model_read_tokens_of_their_own()
    {
        using var model = Evaluating(Micro with { Aggregation = Aggregation.TaskAttention });
        using (no_grad())
        {
            foreach (
                var (_, vectors) in model
                    .NamedParameters()
                    .Where(parameter => parameter.Key.EndsWith("_pooling.vectors", StringComparison.Ordinal))
            )
            {
                vectors.mul_(100);
            }
        }

        var flow = model.Attend(Products());

        // A read-out per task and modality; together they are each task's whole, and the tasks' differ.
        var reads = flow.ReadOuts;
        reads.Count.ShouldBe(4);
        var wholes = reads
            .GroupBy(read => read.Task)
            .Select(task => task.Select(read => read.Weights).Aggregate((sum, weights) => sum + weights))
            .ToList();
        wholes.ShouldAllBe(whole => whole.sum(1).ToArray().All(sum => Math.Abs(sum - 1) < 1e-5));
        wholes[0].ToArray().Zip(wholes[1].ToArray()).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeGreaterThan(0.05f);
    }

    private static KeylessPooling Of(float[] vectors, long tasks, long width)
    {
        var pooling = new KeylessPooling(tasks, width);
        using (no_grad())
        {
            pooling.NamedParameters().Single().Value.copy_(Tensors.From(vectors, tasks, width));
        }

        return pooling;
    }
}
