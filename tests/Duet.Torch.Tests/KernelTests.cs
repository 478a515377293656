// Dropout masks, quick GELU, the optimiser, gradient norms and averages against their definitions.
using Duet.Torch;
using Duet.Torch.Optimisers;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Tests;

public sealed class KernelTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Dropout_drops_at_its_rate_scales_the_rest_and_repeats_its_mask_backward(double probability)
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(11);
        var x = ones([300, 1000]);
        x.requires_grad = true;
        var y = Functional.Dropout(x, probability, training: true);
        var values = y.ToArray();
        ((double)values.Count(v => v == 0) / values.Length).ShouldBe(probability, 0.004);
        values.Where(v => v != 0).ShouldAllBe(v => Math.Abs(v - (1 / (1 - probability))) < 1e-6);
        y.sum().backward();
        x.grad!.ToArray().ShouldBe(values);
    }

    [Fact]
    public void Dropout_masks_of_two_calls_and_of_neighbouring_rows_are_independent()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(12);
        var x = ones([1 << 16]);
        var first = Functional.Dropout(x, 0.5, true);
        var second = Functional.Dropout(x, 0.5, true);
        (first * second).mean().ToDouble().ShouldBe(1, 0.03);
        (first.narrow(0, 0, 65535) * first.narrow(0, 1, 65535)).mean().ToDouble().ShouldBe(1, 0.03);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_mask_depends_on_the_seed_alone_and_reaches_every_element(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var threads = TorchRuntime.Threads;
        foreach (var size in (long[])[1, 5, 15, 16, 17, 31, 32, 33, 40_003])
        {
            float[] Mask(int count)
            {
                TorchRuntime.SetThreads(count);
                TorchRuntime.Seed(9);
                return Functional.Dropout(ones([size], dtype: type), 0.5, training: true).ToArray();
            }

            var one = Mask(1);
            one.ShouldAllBe(value => value == 0 || value == 2, $"{size} elements");
            Mask(2).ShouldBe(one);
        }

        TorchRuntime.SetThreads(threads);
    }

    [Fact]
    public void Dropout_is_the_identity_outside_training()
    {
        using var scope = NewDisposeScope();
        var x = ones([3]);
        Functional.Dropout(x, 0.5, training: false).ShouldBeSameAs(x);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 0.05)]
    public void Quick_gelu_and_its_gradient_agree_with_autograd_in_double(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(5);
        var source = Tensors.Normal([40, 50], 0, 3);
        var reference = source.to(type).to(ScalarType.Float64).detach();
        reference.requires_grad = true;
        var expected = reference * (reference * 1.702).sigmoid();
        expected.sum().backward();

        var x = source.to(type).detach();
        x.requires_grad = true;
        var y = Functional.QuickGelu(x);
        y.dtype.ShouldBe(type);
        y.sum().backward();
        (y.to(ScalarType.Float64) - expected).abs().max().ToDouble().ShouldBeLessThan(tolerance * 3);
        (x.grad!.to(ScalarType.Float64) - reference.grad!).abs().max().ToDouble().ShouldBeLessThan(tolerance);
    }

    [Fact]
    public void AdamW_follows_the_paper()
    {
        using var scope = NewDisposeScope();
        var parameter = Tensors.From([1f, -2f], 2).DetachFromDisposeScope();
        parameter.requires_grad = true;
        var options = new AdamWOptions
        {
            Beta1 = 0.9,
            Beta2 = 0.99,
            Epsilon = 1e-8,
        };
        using var optimiser = new AdamW([new ParameterGroup([new("p", parameter)], 1, 0.1)], options);
        double[] p = [1, -2],
            m = [0, 0],
            v = [0, 0];
        for (var step = 1; step <= 5; step++)
        {
            parameter.grad = null;
            (parameter * parameter).sum().backward();
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
        using var scope = NewDisposeScope();
        var a = Tensors.From([1f, 2f], 2);
        var b = Tensors.From([3f], 1);
        a.requires_grad = b.requires_grad = true;
        ((a * a).sum() + (b * b).sum()).backward();
        GradientNorm.Of([a, b]).ShouldBe(Math.Sqrt(4 + 16 + 36), 1e-5);
        GradientNorm.ClipFactor(10, 1).ShouldBe(0.1, 1e-6);
        GradientNorm.ClipFactor(0.5, 1).ShouldBe(1);
    }

    [Fact]
    public void The_moving_average_follows_the_weights_and_swaps_both_ways()
    {
        using var scope = NewDisposeScope();
        var weight = zeros([2]);
        using var average = new ExponentialMovingAverage([new("w", weight)], 0.5);
        weight.fill_(1);
        average.Update(); // decay min(.5, 1/10): 0 * .1 + 1 * .9
        average.NamedState().Single().Value.ToArray()[0].ShouldBe(0.9f, 1e-6f);
        average.Swap();
        weight.ToArray()[0].ShouldBe(0.9f, 1e-6f);
        average.Swap();
        weight.ToArray()[0].ShouldBe(1);
    }
}
