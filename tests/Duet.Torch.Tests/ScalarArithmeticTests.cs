// Arithmetic with held numbers gives what the operators of TorchSharp give, in the same types and with the same gradients.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Tests;

public sealed class ScalarArithmeticTests
{
    private static readonly float[] Values = [-2, -0.5f, 0, 1, 3];

    // Each operation with the same in plain numbers.
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Compute, Func<float, float> Expected)> Floats = new(
        StringComparer.Ordinal
    )
    {
        ["plus"] = (x => x.Plus(0.5), x => x + 0.5f),
        ["plus whole"] = (x => x.Plus(2), x => x + 2),
        ["plus tensor"] = (x => x.Plus(x), x => x + x),
        ["minus"] = (x => x.Minus(0.5), x => x - 0.5f),
        ["minus whole"] = (x => x.Minus(2), x => x - 2),
        ["subtracted from"] = (x => x.SubtractedFrom(1.0), x => 1 - x),
        ["subtracted from whole"] = (x => x.SubtractedFrom(1), x => 1 - x),
        ["times"] = (x => x.Times(-1.5), x => -1.5f * x),
        ["power"] = (x => x.Power(3), x => x * x * x),
        ["clamp"] = (x => x.Clamp(-1.0, 2.0), x => Math.Clamp(x, -1, 2)),
        ["at least"] = (x => x.Clamp(0.25), x => Math.Max(x, 0.25f)),
        ["at most"] = (x => x.Clamp(null, 1), x => Math.Min(x, 1)),
        ["masked"] = (x => x.MaskedFill(x.GreaterThan(0), 7.5), x => x > 0 ? 7.5f : x),
        ["masked infinity"] = (x => x.MaskedFill(x.LessThan(0), double.NegativeInfinity), x => x < 0 ? float.NegativeInfinity : x),
        ["filled"] = (x => x.clone().FillInPlace(4), _ => 4),
        ["multiplied in place"] = (x => x.clone().MultiplyInPlace(2.5), x => 2.5f * x),
        ["added in place"] = (x => x.clone().AddInPlace(3), x => x + 3),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Compute, Func<long, bool> Expected)> Comparisons = new(
        StringComparer.Ordinal
    )
    {
        ["equal"] = (x => x.EqualTo(1), x => x == 1),
        ["not equal"] = (x => x.NotEqualTo(1), x => x != 1),
        ["greater"] = (x => x.GreaterThan(0), x => x > 0),
        ["greater or equal"] = (x => x.GreaterOrEqual(0), x => x >= 0),
        ["less"] = (x => x.LessThan(0), x => x < 0),
    };

    public static TheoryData<string> Operations => [.. Floats.Keys];

    public static TheoryData<string> Tests => [.. Comparisons.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Computes_as_plain_numbers_do(string operation)
    {
        using var scope = NewDisposeScope();
        var (compute, expected) = Floats[operation];
        var result = compute(Tensors.From(Values, Values.Length));
        result.dtype.ShouldBe(ScalarType.Float32);
        result.ToArray().ShouldBe(Values.Select(expected));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Compares_as_plain_numbers_do(string comparison)
    {
        using var scope = NewDisposeScope();
        long[] values = [-1, 0, 1, 2];
        var (compute, expected) = Comparisons[comparison];
        compute(Tensors.From(values, values.Length)).ToInt64Array().ShouldBe(values.Select(value => expected(value) ? 1L : 0L));
    }

    [Fact]
    public void Whole_numbers_leave_integers_integers()
    {
        using var scope = NewDisposeScope();
        var whole = Tensors.From([1L, 5L], 2);
        Tensor[] results =
        [
            whole.Plus(1),
            whole.Minus(1),
            whole.SubtractedFrom(1),
            whole.Clamp(2, 4),
            whole.MaskedFill(whole.EqualTo(1), -1),
            whole.Power(2),
            whole.clone().AddInPlace(2),
        ];
        results.ShouldAllBe(result => result.dtype == ScalarType.Int64);
        results
            .Select(result => result.ToInt64Array())
            .ShouldBe([
                [2, 6],
                [0, 4],
                [0, -4],
                [2, 4],
                [-1, 5],
                [1, 25],
                [3, 7],
            ]);
    }

    [Fact]
    public void Gradients_pass()
    {
        using var scope = NewDisposeScope();
        var x = Tensors.From([2f], 1).requires_grad_();
        x.Times(3.0).Plus(x.Power(2)).SubtractedFrom(1.0).Minus(0.5).sum().GradientsOf([x])[0]!.ToArray().ShouldBe([-7f]);
    }

    [Fact]
    public void Factories_and_a_single_value()
    {
        using var scope = NewDisposeScope();
        Tensors.Full([2, 2], 1.5).ToArray().ShouldBe([1.5f, 1.5f, 1.5f, 1.5f]);
        Tensors.Full([2], 3, dtype: ScalarType.Int64).dtype.ShouldBe(ScalarType.Int64);
        Tensors.Range(0, 3).ToInt64Array().ShouldBe([0, 1, 2]);
        Tensors.Range(3, 0, -1, dtype: ScalarType.Int32).ToInt64Array().ShouldBe([3, 2, 1]);
        Tensors.From([0.25f], 1).ToNumber().ShouldBe(0.25);
    }
}
