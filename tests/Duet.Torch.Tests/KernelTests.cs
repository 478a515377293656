// Our own kernels against libtorch's operators and the definitions.
using Duet.Torch;
using Duet.Torch.Optimisers;

namespace Duet.Torch.Tests;

public sealed class KernelTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Dropout_drops_at_its_rate_scales_the_rest_and_repeats_its_mask_backward(double probability)
    {
        using var scope = new TensorScope();
        TorchRuntime.Seed(11);
        var x = Tensor.Ones([300, 1000]);
        x.RequiresGrad = true;
        var y = Functional.Dropout(x, probability, training: true);
        var values = y.ToArray();
        ((double)values.Count(v => v == 0) / values.Length).ShouldBe(probability, 0.004);
        values.Where(v => v != 0).ShouldAllBe(v => Math.Abs(v - (1 / (1 - probability))) < 1e-6);
        y.Sum().Backward();
        x.Gradient!.ToArray().ShouldBe(values);
    }

    [Fact]
    public void Dropout_masks_of_two_calls_and_of_neighbouring_rows_are_independent()
    {
        using var scope = new TensorScope();
        TorchRuntime.Seed(12);
        var ones = Tensor.Ones([1 << 16]);
        var first = Functional.Dropout(ones, 0.5, true);
        var second = Functional.Dropout(ones, 0.5, true);
        (first * second).Mean().Item().ShouldBe(1, 0.03);
        (first.Narrow(0, 0, 65535) * first.Narrow(0, 1, 65535)).Mean().Item().ShouldBe(1, 0.03);
    }

    [Fact]
    public void Dropout_is_the_identity_outside_training()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([3]);
        Functional.Dropout(x, 0.5, training: false).ShouldBeSameAs(x);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 0.05)]
    public void Quick_gelu_and_its_gradient_agree_with_autograd_in_double(ScalarType type, double tolerance)
    {
        using var scope = new TensorScope();
        TorchRuntime.Seed(5);
        var source = Tensor.Normal([40, 50], 0, 3);
        var reference = source.To(type).To(ScalarType.Float64).Detach();
        reference.RequiresGrad = true;
        var expected = reference * (reference * 1.702).Sigmoid();
        expected.Sum().Backward();

        var x = source.To(type).Detach();
        x.RequiresGrad = true;
        var y = Functional.QuickGelu(x);
        y.Type.ShouldBe(type);
        y.Sum().Backward();
        (y.To(ScalarType.Float64) - expected).Abs().Max().Item().ShouldBeLessThan(tolerance * 3);
        (x.Gradient!.To(ScalarType.Float64) - reference.Gradient!).Abs().Max().Item().ShouldBeLessThan(tolerance);
    }

    [Fact]
    public void AdamW_follows_the_paper()
    {
        using var scope = new TensorScope();
        var parameter = TensorScope.Detach(Tensor.From([1f, -2f], 2));
        parameter.RequiresGrad = true;
        var options = new AdamWOptions { Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8 };
        using var optimiser = new AdamW([new ParameterGroup([new("p", parameter)], 1, 0.1)], options);
        double[] p = [1, -2], m = [0, 0], v = [0, 0];
        for (var step = 1; step <= 5; step++)
        {
            parameter.Gradient = null;
            (parameter * parameter).Sum().Backward();
            optimiser.Step(0.01);
            for (var i = 0; i < 2; i++)
            {
                var g = 2 * p[i];
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.99 * v[i]) + (0.01 * g * g);
                p[i] -= 0.01 * ((m[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, step))) + 1e-8)) + (0.1 * p[i]));
            }
        }

        var result = parameter.ToArray();
        ((double)result[0]).ShouldBe(p[0], 1e-5);
        ((double)result[1]).ShouldBe(p[1], 1e-5);
        parameter.Dispose();
    }

    [Fact]
    public void The_gradient_norm_is_that_of_all_gradients_together()
    {
        using var scope = new TensorScope();
        var a = Tensor.From([1f, 2f], 2);
        var b = Tensor.From([3f], 1);
        a.RequiresGrad = b.RequiresGrad = true;
        ((a * a).Sum() + (b * b).Sum()).Backward();
        GradientNorm.Of([a, b]).ShouldBe(Math.Sqrt(4 + 16 + 36), 1e-5);
        GradientNorm.ClipFactor(10, 1).ShouldBe(0.1, 1e-6);
        GradientNorm.ClipFactor(0.5, 1).ShouldBe(1);
    }

    [Fact]
    public void The_moving_average_follows_the_weights_and_swaps_both_ways()
    {
        using var scope = new TensorScope();
        var weight = Tensor.Zeros([2]);
        using var average = new ExponentialMovingAverage([new("w", weight)], 0.5);
        weight.FillInPlace(1);
        average.Update(); // decay min(.5, 1/10): 0 * .1 + 1 * .9
        average.NamedState().Single().Value.ToArray()[0].ShouldBe(0.9f, 1e-6f);
        average.Swap();
        weight.ToArray()[0].ShouldBe(0.9f, 1e-6f);
        average.Swap();
        weight.ToArray()[0].ShouldBe(1);
    }
}
