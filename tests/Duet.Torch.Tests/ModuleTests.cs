// Modules: names, states, attention against its definition, flat memory.
using Duet.Torch;
using Duet.Torch.Modules;
using Duet.Torch.Optimisers;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Tests;

public sealed class ModuleTests
{
    private static readonly TransformerOptions Small = new(16, 2, 2, 32);

    [Fact]
    public void Names_are_dotted_and_states_travel()
    {
        using var scope = NewDisposeScope();
        using var first = new Transformer(Small);
        using var second = new Transformer(Small);
        var names = first.NamedParameters().Select(p => p.Key).ToList();
        names.ShouldContain("resblocks.1.attn.in_proj_weight");
        names.ShouldContain("resblocks.0.mlp.c_fc.bias");

        var state = first.NamedState().ToDictionary();
        var (missing, unexpected) = second.LoadState(state);
        missing.ShouldBeEmpty();
        unexpected.ShouldBeEmpty();
        var x = Tensors.Normal([2, 5, 16]);
        second.Forward(x).ToArray().ShouldBe(first.Forward(x).ToArray());
    }

    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_are_named()
    {
        using var scope = NewDisposeScope();
        using var linear = new Linear(3, 2);
        var (missing, unexpected) = linear.LoadState(new Dictionary<string, Tensor> { ["weight"] = ones([2, 3]), ["gain"] = ones([1]) });
        missing.ShouldBe(["bias"]);
        unexpected.ShouldBe(["gain"]);
        Should
            .Throw<ModuleStateException>(() => linear.LoadState(new Dictionary<string, Tensor> { ["weight"] = ones([3, 2]) }))
            .Message.ShouldBe("Tensor 'weight' has shape [3, 2]; this model needs [2, 3].");
    }

    [Fact]
    public void Attention_is_the_softmax_of_scaled_products_and_obeys_its_mask()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(2);
        using var attention = new MultiHeadAttention(8, 2);
        var x = Tensors.Normal([1, 3, 8]);
        var mask = Tensors.From([0f, 0, float.NegativeInfinity], 1, 1, 1, 3);
        using var recorder = ForwardRecorder.Begin(attention);
        var self = attention.Forward(x, mask);
        var weights = recorder.Attention();
        weights[0].shape.ShouldBe([1, 2, 3, 3]);
        weights[0].select(3, 2).sum().ToDouble().ShouldBe(0);
        weights[0].sum(-1).ToArray().ShouldAllBe(sum => Math.Abs(sum - 1) < 1e-6);
        var cross = attention.Attend(x, x, mask);
        (self - cross).abs().max().ToDouble().ShouldBeLessThan(1e-6);

        // Without the third position at all, the first two results are the same.
        var shorter = attention.Attend(x, x.narrow(1, 0, 2));
        (self - shorter).abs().max().ToDouble().ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void A_width_that_heads_do_not_divide_is_refused() =>
        Should.Throw<ArgumentException>(() => new MultiHeadAttention(10, 3)).Message.ShouldContain("3 heads");

    [Fact]
    public void Batch_norm_learns_its_statistics_and_can_be_frozen()
    {
        using var scope = NewDisposeScope();
        using var norm = new BatchNorm2d(2);
        var x = (Tensors.Normal([8, 2, 4, 4]) * 3) + 1;
        norm.train();
        norm.Forward(x);
        var state = norm.NamedBuffers().ToDictionary();
        state["num_batches_tracked"].ToDouble().ShouldBe(1);
        state["running_mean"].ToArray().ShouldAllBe(mean => mean != 0);
        norm.IsFrozen = true;
        norm.Forward(x);
        state["num_batches_tracked"].ToDouble().ShouldBe(1);
    }

    [Fact]
    public void Memory_stays_flat_over_two_thousand_training_steps()
    {
        TorchRuntime.Seed(4);
        using var model = new Transformer(Small with { Dropout = 0.1 });
        using var optimiser = new AdamW([new ParameterGroup([.. model.NamedParameters()], 1, 0.01)]);
        model.train();
        void Step()
        {
            using var scope = NewDisposeScope();
            var loss = model.Forward(Tensors.Normal([4, 6, 16])).pow(2).mean();
            model.zero_grad();
            loss.backward();
            optimiser.Step(1e-3);
        }

        for (var step = 0; step < 200; step++)
        {
            Step();
        }

        var (tensors, resident) = (Tensor.TotalCount, Environment.WorkingSet);
        for (var step = 0; step < 2000; step++)
        {
            Step();
        }

        Tensor.TotalCount.ShouldBe(tensors);
        (Environment.WorkingSet - resident).ShouldBeLessThan(24L << 20);
    }
}
