// Rollout against products worked out by hand.
using Duet.Models.Attention;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Explanation;

public sealed class AttentionFlowTests
{
    [Fact]
    public void Rollout_is_the_product_of_halves()
    {
        using var scope = NewDisposeScope();
        var space = new AttentionSpace("joint", 3)
        {
            TextCount = 1,
            TextStart = 0,
            PatchStart = 1,
            PatchRows = 1,
            PatchColumns = 2,
        };
        var flow = new AttentionFlow();

        // Two heads whose mean is the matrix of the comment.
        flow.AddSelf(
            space,
            [
                Attention([0, 1, 0, 0, 1, 0, 0, 0, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1]),
                Attention([0, 0, 1, 0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 1, 0, 0, 0, 1]),
            ]
        );
        flow.Read(AttentionReadOut.At(space, 1, 0, CPU));

        // First row of (A2 + I) / 2: [1/2, 0, 1/2]; times (A1 + I) / 2 with A1's first row [1/2, 1/2, 0]: [3/8, 1/8, 1/2].
        flow.FromAnswer(0)[space].ToArray().ShouldBe([0.375f, 0.125f, 0.5f]);
        flow.FromAnswer(0, layer: 0)[space].ToArray().ShouldBe([0.5f, 0.5f, 0]);
        flow.FromAnswer(0, layer: 1)[space].ToArray().ShouldBe([0, 0, 1f]);
        flow.LayerCount.ShouldBe(2);
        flow.TokenSpace.ShouldBe(space);
        flow.FromTokens(1)[space].shape.ShouldBe([1, 1, 3]);
        Should.Throw<ArgumentOutOfRangeException>(() => flow.FromAnswer(0, layer: 2));
    }

    [Fact]
    public void Mass_goes_through_latents_and_parts_and_is_never_lost()
    {
        using var scope = NewDisposeScope();
        var tower = AttentionSpace.OfPicture(1, start: 1);
        var input = new AttentionSpace("input", 2) { TextCount = 1 };
        var latents = new AttentionSpace("latents", 2);
        var answer = new AttentionSpace("answer", 1);
        var flow = new AttentionFlow();
        flow.AddPart(input, 1, tower, columnStart: 1);
        flow.Add(new AttentionStep(latents, input, Weights(2, 2, [1, 0, 0.5f, 0.5f])) { Residual = false });
        flow.Add(new AttentionStep(answer, latents, Weights(1, 2, [0.25f, 0.75f])) { Residual = false });
        flow.Read(AttentionReadOut.At(answer, 1, 0, CPU));

        // 1/4 x [1, 0] + 3/4 x [1/2, 1/2]; the second position is the tower's patch.
        var mass = flow.FromAnswer(0);
        mass[input].ToArray().ShouldBe([0.625f, 0]);
        mass[tower].ToArray().ShouldBe([0, 0.375f]);
        flow.FromAnswer(0, layer: 0)[input].ToArray().ShouldBe([0.625f, 0.375f]);
    }

    [Fact]
    public void A_mean_is_read_at_the_positions_that_count_alike()
    {
        using var scope = NewDisposeScope();
        var space = new AttentionSpace("joint", 5);
        var counted = Tensors.From([true, true, true, false, false, true], 2, 3);
        AttentionReadOut.Mean(space, 1, counted).Weights.ToArray().ShouldBe([0, 1 / 3f, 1 / 3f, 1 / 3f, 0, 0, 0, 0, 1, 0]);
    }

    private static Tensor Attention(float[] first, float[] second) => Tensors.From([.. first, .. second], 1, 2, 3, 3);

    private static Tensor Weights(int rows, int columns, float[] values) => Tensors.From(values, 1, 1, rows, columns);
}
