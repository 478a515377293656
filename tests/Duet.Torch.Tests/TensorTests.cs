// The door: creation, operators, errors, lifetimes.
using Duet.Torch;

namespace Duet.Torch.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Data_round_trips_with_its_shape_and_type()
    {
        using var scope = new TensorScope();
        var tensor = Tensor.From([1f, 2, 3, 4, 5, 6], 2, 3);
        tensor.Shape.ShouldBe([2, 3]);
        tensor.Type.ShouldBe(ScalarType.Float32);
        tensor.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        tensor.Transpose(0, 1).ToArray().ShouldBe([1, 4, 2, 5, 3, 6]);
        tensor.To(ScalarType.Int64).ToInt64Array().ShouldBe([1, 2, 3, 4, 5, 6]);
        tensor.To(ScalarType.BFloat16).To(ScalarType.Float64).Sum().Item().ShouldBe(21);
    }

    [Fact]
    public void A_refused_shape_comes_back_as_libtorchs_own_message()
    {
        using var scope = new TensorScope();
        var error = Should.Throw<TorchException>(() => Tensor.Zeros([2, 3]).MatMul(Tensor.Zeros([4, 5])));
        error.Message.ShouldContain("mat1 and mat2 shapes cannot be multiplied");
        Should.Throw<TorchException>(() => Tensor.From([1f, 2], 3)).Message.ShouldContain("12 bytes");
    }

    [Fact]
    public void An_unknown_operator_is_named() =>
        Should.Throw<TorchException>(() => new Operator("aten::no_such_thing").Call()).Message.ShouldContain("aten::no_such_thing");

    [Fact]
    public void A_scope_frees_what_was_made_inside_and_keeps_what_is_asked_for()
    {
        var before = Tensor.LiveCount;
        Tensor kept;
        using (var scope = new TensorScope())
        {
            var x = Tensor.Ones([4]);
            kept = scope.Keep(((x + 1) * x).Sum());
            scope.Count.ShouldBeGreaterThan(2);
        }

        Tensor.LiveCount.ShouldBe(before + 1);
        kept.Item().ShouldBe(8);
        kept.Dispose();
        Tensor.LiveCount.ShouldBe(before);
        Should.Throw<ObjectDisposedException>(() => kept.Item());
    }

    [Fact]
    public void Scopes_nest_and_must_close_in_order()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();
        var kept = inner.Keep(Tensor.Ones([1]));
        Should.Throw<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        kept.Item().ShouldBe(1);
        outer.Dispose();
        Should.Throw<ObjectDisposedException>(() => kept.Item());
    }

    [Fact]
    public void Gradients_match_the_derivative()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([0.5, -1.5, 2.0], 3);
        x.RequiresGrad = true;
        (x * x * x).Sum().Backward();
        x.Gradient!.ToArray().ShouldBe([0.75f, 6.75f, 12f]);

        var y = Tensor.From([2.0], 1);
        y.RequiresGrad = true;
        var unused = Tensor.From([1.0], 1);
        unused.RequiresGrad = true;
        var gradients = y.Exp().Sum().GradientsOf([y, unused]);
        gradients[0]!.Item().ShouldBe(Math.Exp(2), 1e-12);
        gradients[1].ShouldBeNull();
    }

    [Fact]
    public void Recording_stops_and_goes_on()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([1]);
        x.RequiresGrad = true;
        using (Gradients.Disabled())
        {
            (x * 2).RequiresGrad.ShouldBeFalse();
        }

        (x * 2).RequiresGrad.ShouldBeTrue();
    }

    [Fact]
    public void Autocast_runs_products_in_bfloat16_and_gives_full_precision_back_afterwards()
    {
        using var scope = new TensorScope();
        var a = Tensor.Normal([8, 8]);
        using (new Autocast(Device.Cpu))
        {
            a.MatMul(a).Type.ShouldBe(ScalarType.BFloat16);
            Autocast.IsEnabled(Device.Cpu).ShouldBeTrue();
        }

        a.MatMul(a).Type.ShouldBe(ScalarType.Float32);
    }

    [Fact]
    public void Random_state_repeats_draws()
    {
        using var scope = new TensorScope();
        TorchRuntime.Seed(3);
        Tensor.Normal([5]);
        var state = TorchRuntime.GetRandomState();
        var first = Tensor.Normal([100]).ToArray();
        var dropped = Functional.Dropout(Tensor.Ones([100]), 0.5, training: true).ToArray();
        TorchRuntime.SetRandomState(state);
        Tensor.Normal([100]).ToArray().ShouldBe(first);
        Functional.Dropout(Tensor.Ones([100]), 0.5, training: true).ToArray().ShouldBe(dropped);
    }

    [Theory]
    [InlineData("cpu", false, 0)]
    [InlineData("cuda", true, 0)]
    [InlineData("cuda:3", true, 3)]
    public void Devices_are_read(string text, bool cuda, int index) => Device.Parse(text).ShouldBe(new Device(cuda, index));

    [Fact]
    public void A_wrong_device_is_refused() => Should.Throw<FormatException>(() => Device.Parse("gpu"));

    [Fact]
    public void Truncated_normal_stays_within_two_deviations_and_has_the_right_spread()
    {
        using var scope = new TensorScope();
        TorchRuntime.Seed(1);
        var values = Tensor.Empty([20000]).TruncatedNormalInPlace(0.5).ToArray();
        values.Max(Math.Abs).ShouldBeLessThanOrEqualTo(1.0f);
        Math.Sqrt(values.Average(v => (double)v * v)).ShouldBe(0.5 * 0.8796, 0.01); // deviation of a normal cut at two deviations
    }
}
