// Name maps: every transform there and back, and nothing lost silently.
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models.Pretrained;

public sealed class NameMapTests
{
    [Fact]
    public void Every_transform_converts_and_reverts()
    {
        using var scope = NewDisposeScope();
        var map = new NameMap(
            NameRule.Copy("layer.{n}.norm.{p:weight|bias}", "blocks.{n}.ln.{p}"),
            NameRule.Transpose("layer.{n}.dense.kernel", "blocks.{n}.fc.weight"),
            NameRule.Reshape("cls_token", "class_embedding"),
            NameRule.Concatenate(["layer.{n}.q.weight", "layer.{n}.k.weight"], "blocks.{n}.in_proj_weight"),
            NameRule.Concatenate(["layer.{n}.a.kernel", "layer.{n}.b.kernel"], "blocks.{n}.joined", transpose: true),
            NameRule.Split("both", ["left", "right"], dimension: 1),
            NameRule.Ignore("position_ids", "a constant")
        );
        var source = new Dictionary<string, Tensor>
        {
            ["layer.0.norm.weight"] = Tensors.Normal([3]),
            ["layer.0.norm.bias"] = Tensors.Normal([3]),
            ["layer.0.dense.kernel"] = Tensors.Normal([2, 3]),
            ["cls_token"] = Tensors.Normal([1, 1, 4]),
            ["layer.0.q.weight"] = Tensors.Normal([2, 4]),
            ["layer.0.k.weight"] = Tensors.Normal([3, 4]),
            ["layer.0.a.kernel"] = Tensors.Normal([4, 2]),
            ["layer.0.b.kernel"] = Tensors.Normal([4, 3]),
            ["both"] = Tensors.Normal([2, 6]),
            ["position_ids"] = arange(0, 4),
        };
        var wanted = new Dictionary<string, long[]>
        {
            ["blocks.0.ln.weight"] = [3],
            ["blocks.0.ln.bias"] = [3],
            ["blocks.0.fc.weight"] = [3, 2],
            ["class_embedding"] = [4],
            ["blocks.0.in_proj_weight"] = [5, 4],
            ["blocks.0.joined"] = [5, 4],
            ["left"] = [2, 3],
            ["right"] = [2, 3],
        };

        var mapped = map.Apply(source, wanted);

        mapped.IsComplete.ShouldBeTrue();
        mapped.Ignored.ShouldBe([new("position_ids", "a constant")]);
        mapped.State.Keys.ShouldBe(wanted.Keys, ignoreOrder: true);
        foreach (var (name, tensor) in mapped.State)
        {
            tensor.shape.ShouldBe(wanted[name], name);
        }

        var published = map.ToPublished(mapped.State, NameMap.ShapesOf(source));
        published.Keys.ShouldBe(source.Keys.Except(["position_ids"]), ignoreOrder: true);
        foreach (var (name, tensor) in published)
        {
            tensor.shape.ShouldBe(source[name].shape, name);
            tensor.ToArray().ShouldBe(source[name].ToArray(), name);
        }
    }

    [Fact]
    public void What_does_not_fit_is_listed()
    {
        using var scope = NewDisposeScope();
        var map = new NameMap(NameRule.Same("a"), NameRule.Concatenate(["q", "k"], "qk")).WithOptional("{rest*}.steps");
        var mapped = map.Apply(
            new Dictionary<string, Tensor>
            {
                ["a"] = zeros([1]),
                ["q"] = zeros([1]),
                ["strange"] = zeros([1]),
            },
            new Dictionary<string, long[]>
            {
                ["a"] = [1],
                ["qk"] = [2],
                ["b"] = [1],
                ["x.steps"] = [],
            }
        );

        mapped.Unmatched.ShouldBe(["strange"]);
        mapped.Missing.ShouldBe(["b", "qk"]);
        mapped.Incomplete.ShouldBe(["k"]);
        var error = Should.Throw<ModuleStateException>(() => mapped.EnsureComplete("file.safetensors"));
        error.Message.ShouldContain("file.safetensors");
        error.Message.ShouldContain("strange");
        error.Message.ShouldContain("qk");
    }

    [Fact]
    public void Two_tensors_for_one_of_ours_are_refused()
    {
        using var scope = NewDisposeScope();
        var map = new NameMap(NameRule.Copy("a", "x"), NameRule.Copy("b", "x"));
        Should
            .Throw<ModuleStateException>(() =>
                map.Apply(
                    new Dictionary<string, Tensor> { ["a"] = zeros([1]), ["b"] = zeros([1]) },
                    new Dictionary<string, long[]> { ["x"] = [1] }
                )
            )
            .Message.ShouldContain("'x'");
    }

    [Fact]
    public void A_target_with_an_unbound_placeholder_is_refused()
    {
        using var scope = NewDisposeScope();
        var map = new NameMap(NameRule.Copy("a.{n}", "b.{m}"));
        Should
            .Throw<ArgumentException>(() =>
                map.Apply(new Dictionary<string, Tensor> { ["a.0"] = zeros([1]) }, new Dictionary<string, long[]>())
            )
            .Message.ShouldContain("{m}");
    }
}
