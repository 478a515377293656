// The moving average of weights.
using Duet.Torch;
using Duet.Torch.Optimisers;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class MovingAverageTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Follows_its_formula_and_forgets_its_start_early()
    {
        var weight = Tensors.From<float>([1, -2], 2);
        using var average = new ExponentialMovingAverage([new("weight", weight)], 0.3);
        double[] expected = [1, -2];
        for (var step = 0; step < 6; step++)
        {
            weight.fill_(step);
            average.Update();
            var decay = Math.Min(0.3, (1.0 + step) / (10.0 + step));
            expected = [.. expected.Select(value => (value * decay) + (step * (1 - decay)))];
        }

        average.Steps.ShouldBe(6);
        average.NamedState().Single().Value.ToArray().ShouldBe(expected.Select(value => (float)value), 1e-5);
    }

    [Fact]
    public void Swapping_twice_changes_nothing()
    {
        var weight = Tensors.From<float>([1, -2], 2);
        using var average = new ExponentialMovingAverage([new("weight", weight)], 0.9);
        weight.fill_(5);
        average.Swap();
        weight.ToArray().ShouldBe([1, -2]);
        average.NamedState().Single().Value.ToArray().ShouldBe([5, 5]);
        average.Swap();
        weight.ToArray().ShouldBe([5, 5]);
    }
}
