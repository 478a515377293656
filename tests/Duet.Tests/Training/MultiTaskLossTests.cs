// The loss of several tasks against formulas written out, and its masks.
using Duet.Data;
using Duet.Models;
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class MultiTaskLossTests : IDisposable
{
    private static readonly TaskDefinition[] Tasks =
    [
        new("color", "color", TaskKind.SingleLabel, ["red", "green", "blue"]),
        new("tags", "tags", TaskKind.MultiLabel, ["new", "used"]),
    ];

    private static readonly float[] Color = [0.5f, -1f, 2f, 0.1f, 0.2f, -0.3f, 1f, 1f, 1f];
    private static readonly float[] Tags = [0.3f, -0.8f, 1.5f, 0.2f, -2f, 0.7f];
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void Single_label_is_smoothed_cross_entropy(double smoothing)
    {
        long[] labels = [2, -1, 0];
        using var loss = new MultiTaskLoss(Tasks[..1], LossBalancing.Equal, smoothing);
        var (total, each) = loss.Forward(Output(Color), [Tensors.From(labels, 3)]);
        var expected = ((int[])[0, 2]).Average(row =>
        {
            var logits = Color[(3 * row)..((3 * row) + 3)];
            var normalizer = Math.Log(logits.Sum(logit => Math.Exp(logit)));
            return ((1 - smoothing) * (normalizer - logits[labels[row]])) + (smoothing * logits.Average(logit => normalizer - logit));
        });
        total.ToDouble().ShouldBe(expected, 1e-6);
        each.ToArray()[0].ShouldBe((float)expected, 1e-6f);
    }

    [Fact]
    public void Multi_label_is_binary_cross_entropy()
    {
        float[] labels = [1, 0, -1, -1, 1, 1];
        using var loss = new MultiTaskLoss(Tasks[1..], LossBalancing.Equal, 0.1);
        var total = loss.Forward(new ModelOutput([Tensors.From(Tags, 3, 2)]), [Tensors.From(labels, 3, 2)]).Total.ToDouble();
        total.ShouldBe(((int[])[0, 1, 4, 5]).Average(i => Math.Log(1 + Math.Exp(labels[i] > 0 ? -Tags[i] : Tags[i]))), 1e-6);
    }

    [Fact]
    public void A_missing_label_gives_no_gradient()
    {
        var (color, tags) = (Leaf(Color, 3, 3), Leaf(Tags, 3, 2));
        using var loss = new MultiTaskLoss(Tasks, LossBalancing.Equal, 0.1);
        loss.Forward(new ModelOutput([color, tags]), [Tensors.From<long>([1, -1, 2], 3), Tensors.From<float>([-1, -1, 1, 0, -1, -1], 3, 2)])
            .Total.backward();
        Rows(color, 3).ShouldBe([true, false, true]);
        Rows(tags, 2).ShouldBe([false, true, false]);
    }

    [Theory]
    [InlineData(LossBalancing.Equal)]
    [InlineData(LossBalancing.Uncertainty)]
    public void A_task_without_any_label_plays_no_part(LossBalancing balancing)
    {
        var (color, tags) = (Leaf(Color, 3, 3), Leaf(Tags, 3, 2));
        using var loss = new MultiTaskLoss(Tasks, balancing, 0.1);
        var (total, each) = loss.Forward(
            new ModelOutput([color, tags]),
            [Tensors.From<long>([-1, -1, -1], 3), Tensors.From<float>([0, 1, 1, 0, 1, 1], 3, 2)]
        );
        each.ToArray()[0].ShouldBe(0);
        total.ToDouble().ShouldBe(each.ToArray()[1], 1e-6);
        total.backward();
        Rows(color, 3).ShouldBe([false, false, false]);
        Rows(tags, 2).ShouldBe([true, true, true]);
        foreach (var (_, variances) in loss.NamedParameters())
        {
            // Otherwise a task that is rarely labelled would weigh more and more.
            variances.grad!.ToArray()[0].ShouldBe(0);
            variances.grad!.ToArray()[1].ShouldBe(1 - each.ToArray()[1], 1e-6f);
        }
    }

    [Fact]
    public void Uncertainty_weighs_as_the_formula_says()
    {
        using var loss = new MultiTaskLoss(Tasks, LossBalancing.Uncertainty, 0);
        var (name, variances) = loss.NamedParameters().Single();
        name.ShouldBe("log_variances");
        using (no_grad())
        {
            variances.copy_(Tensors.From<float>([0.7f, -0.4f], 2));
        }

        var (total, each) = loss.Forward(Output(Color, Tags), Labels());
        var losses = each.ToArray();
        total.ToDouble().ShouldBe((losses[0] * Math.Exp(-0.7)) + 0.7 + (losses[1] * Math.Exp(0.4)) - 0.4, 1e-6);
        total.backward();
        variances.grad!.ToArray()[0].ShouldBe((float)(1 - (losses[0] * Math.Exp(-0.7))), 1e-6f);
    }

    [Fact]
    public void What_a_system_adds_is_added()
    {
        using var loss = new MultiTaskLoss(Tasks, LossBalancing.Equal, 0);
        var alone = loss.Forward(Output(Color, Tags), Labels()).Total.ToDouble();
        loss.Forward(Output(Color, Tags) with { AuxiliaryLoss = full([], 2.5) }, Labels()).Total.ToDouble().ShouldBe(alone + 2.5, 1e-6);
    }

    private static ModelOutput Output(float[] color, float[]? tags = null) =>
        new(tags is null ? [Tensors.From(color, 3, 3)] : [Tensors.From(color, 3, 3), Tensors.From(tags, 3, 2)]);

    private static Tensor[] Labels() => [Tensors.From<long>([1, 0, 2], 3), Tensors.From<float>([0, 1, 1, 0, 1, 1], 3, 2)];

    private static Tensor Leaf(float[] values, long rows, long columns)
    {
        var tensor = Tensors.From(values, rows, columns);
        tensor.requires_grad = true;
        return tensor;
    }

    private static IEnumerable<bool> Rows(Tensor leaf, int columns) =>
        leaf.grad!.ToArray().Chunk(columns).Select(row => row.Any(value => value != 0));
}
