// Every kind of value that crosses libtorch's stable C interface, and what happens when it is refused.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Tests;

public sealed class StableOperatorTests
{
    [Fact]
    public void Tensors_and_integers_cross_and_the_result_belongs_to_the_scope()
    {
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var x = Tensors.From([1f, 2, 3, 4, 5, 6], 2, 3);
            new StableOperator("aten::select", "int").Call(x, 1L, -1L).ToArray().ShouldBe([3, 6]);
        }

        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void Real_values_truth_values_and_absent_ones_cross()
    {
        using var scope = NewDisposeScope();
        var x = Tensors.From([-1f, 0.5f, 9f], 3);
        new StableOperator("aten::nan_to_num")
            .Call(Tensors.From([float.NaN, 1f], 2), StableValue.None, StableValue.None, StableValue.None)
            .ToArray()
            .ShouldBe([0, 1]);
        new StableOperator("aten::dropout").Call(x, 0.25, false).ToArray().ShouldBe([-1, 0.5f, 9], "outside training nothing is dropped");
    }

    [Fact]
    public void Lists_of_tensors_cross_in_their_order()
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [Tensors.From([1f], 1), Tensors.From([2f, 3f], 2)];
        new StableOperator("aten::cat").Call(parts, 0L).ToArray().ShouldBe([1, 2, 3]);
        parts[0].ToArray().ShouldBe([1], "the call takes handles of its own");
    }

    [Fact]
    public void Autograd_records_the_call()
    {
        using var scope = NewDisposeScope();
        var table = Tensors.From([1f, 2, 3, 4], 2, 2);
        table.requires_grad = true;
        Functional.Embedding(table, Tensors.From([1L, 1L, 0L], 3)).sum().backward();
        table.grad!.ToArray().ShouldBe([1, 1, 2, 2]);
    }

    [Fact]
    public void The_gradient_of_padding_is_left_out()
    {
        using var scope = NewDisposeScope();
        var table = Tensors.From([1f, 2, 3, 4], 2, 2);
        table.requires_grad = true;
        Functional.Embedding(table, Tensors.From([1L, 0L], 2), padding: 0).sum().backward();
        table.grad!.ToArray().ShouldBe([0, 0, 1, 1]);
    }

    [Fact]
    public void A_parameter_takes_other_data_and_stays_the_same_leaf()
    {
        using var scope = NewDisposeScope();
        var parameter = new TorchSharp.Modules.Parameter(ones([2]));
        parameter.SetData(Tensors.From([5f, 6f], 2));
        (parameter * parameter).sum().backward();
        parameter.grad!.ToArray().ShouldBe([10, 12]);
    }

    [Fact]
    public void A_refused_call_names_the_operator()
    {
        using var scope = NewDisposeScope();
        Should.Throw<TorchException>(() => new StableOperator("aten::no_such_thing").Run()).Message.ShouldContain("aten::no_such_thing");
        Should
            .Throw<TorchException>(() => new StableOperator("aten::cat").Call(new[] { ones([2]), ones([2, 2]) }, 0L))
            .Message.ShouldContain("aten::cat");
    }

    [Fact]
    public void No_memory_is_lost_over_many_calls()
    {
        using var scope = NewDisposeScope();
        var x = ones([1 << 18]);
        var select = new StableOperator("aten::clone");
        using (select.Call(x, StableValue.None)) { }

        var before = Environment.WorkingSet;
        for (var call = 0; call < 500; call++)
        {
            select.Call(x, StableValue.None).Dispose();
        }

        (Environment.WorkingSet - before).ShouldBeLessThan(100L << 20, "500 copies of a mebibyte each have been freed");
    }
}
