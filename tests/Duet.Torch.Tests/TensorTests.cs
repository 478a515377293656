// Tensors from spans and back, gradients, autocast, random state, devices.
using System.Runtime.InteropServices;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Data_round_trips_with_its_shape_and_type()
    {
        using var scope = NewDisposeScope();
        var tensor = Tensors.From([1f, 2, 3, 4, 5, 6], 2, 3);
        tensor.shape.ShouldBe([2, 3]);
        tensor.dtype.ShouldBe(ScalarType.Float32);
        tensor.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        tensor.transpose(0, 1).ToArray().ShouldBe([1, 4, 2, 5, 3, 6]);
        tensor.to(ScalarType.Int64).ToInt64Array().ShouldBe([1, 2, 3, 4, 5, 6]);
        tensor.to(ScalarType.BFloat16).to(ScalarType.Float64).sum().ToDouble().ShouldBe(21);
    }

    [Fact]
    public void A_shape_that_does_not_hold_the_data_is_refused()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => Tensors.From([1f, 2], 3)).Message.ShouldContain("[3] does not hold 8 bytes");
        Tensors.From(Array.Empty<float>(), 0, 4).ToArray().ShouldBeEmpty();
        Tensors.From([2.5f]).shape.ShouldBeEmpty("no sizes make a single value");
    }

    [Fact]
    public void A_span_is_the_tensors_own_memory_and_of_its_type()
    {
        using var scope = NewDisposeScope();
        var tensor = Tensors.From([1L, 2, 3], 3);
        tensor.AsSpan<long>()[1] = 7;
        tensor.ToInt64Array().ShouldBe([1, 7, 3]);
        Marshal.ReadInt64(tensor.DataAddress(), 8).ShouldBe(7);
        Should.Throw<InvalidOperationException>(() => tensor.AsSpan<float>());
        Should.Throw<InvalidOperationException>(() => tensor.reshape(3, 1).expand(3, 2).DataAddress());
    }

    [Fact]
    public void Gradients_match_the_derivative()
    {
        using var scope = NewDisposeScope();
        var x = Tensors.From([0.5, -1.5, 2.0], 3);
        x.requires_grad = true;
        (x * x * x).sum().backward();
        x.grad!.ToArray().ShouldBe([0.75f, 6.75f, 12f]);

        var y = Tensors.From([2.0], 1);
        y.requires_grad = true;
        var unused = Tensors.From([1.0], 1);
        unused.requires_grad = true;
        var gradients = y.exp().sum().GradientsOf([y, unused]);
        gradients[0]!.ToDouble().ShouldBe(Math.Exp(2), 1e-12);
        gradients[1].ShouldBeNull();
    }

    [Fact]
    public void Autocast_runs_products_in_bfloat16_and_gives_full_precision_back_afterwards()
    {
        using var scope = NewDisposeScope();
        var a = Tensors.Normal([8, 8]);
        using (new Autocast(CPU))
        {
            a.matmul(a).dtype.ShouldBe(ScalarType.BFloat16);
            Autocast.IsEnabled(CPU).ShouldBeTrue();
        }

        a.matmul(a).dtype.ShouldBe(ScalarType.Float32);
    }

    [Fact]
    public void Random_state_repeats_draws()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(3);
        Tensors.Normal([5]);
        var state = TorchRuntime.GetRandomState();
        var first = Tensors.Normal([100]).ToArray();
        var dropped = Functional.Dropout(ones([100]), 0.5, training: true).ToArray();
        TorchRuntime.SetRandomState(state);
        Tensors.Normal([100]).ToArray().ShouldBe(first);
        Functional.Dropout(ones([100]), 0.5, training: true).ToArray().ShouldBe(dropped);
    }

    [Theory]
    [InlineData("cpu", false, -1)]
    [InlineData("cuda", true, 0)]
    [InlineData("cuda:3", true, 3)]
    public void Devices_are_read(string text, bool isCuda, int index)
    {
        var device = DeviceName.Parse(text);
        device.IsCuda.ShouldBe(isCuda);
        device.index.ShouldBe(index);
    }

    [Fact]
    public void A_wrong_device_is_refused() => Should.Throw<FormatException>(() => DeviceName.Parse("gpu"));

    [Fact]
    public void Truncated_normal_stays_within_two_deviations_and_has_the_right_spread()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(1);
        var values = empty([20000]).TruncatedNormalInPlace(0.5).ToArray();
        values.Max(Math.Abs).ShouldBeLessThanOrEqualTo(1.0f);
        Math.Sqrt(values.Average(v => (double)v * v)).ShouldBe(0.5 * 0.8796, 0.01); // deviation of a normal cut at two deviations
    }
}
