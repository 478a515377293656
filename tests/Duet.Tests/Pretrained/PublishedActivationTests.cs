// Every published spelling of an activation computes its formula, wherever a configuration names it.
using System.Text.Json;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Pretrained;

public sealed class PublishedActivationTests
{
    [Theory]
    [InlineData("gelu", 1.3 * 0.903199515)]
    [InlineData("gelu_python", 1.3 * 0.903199515)]
    [InlineData("gelu_new", 1.173929)]
    [InlineData("gelu_pytorch_tanh", 1.173929)]
    [InlineData("gelu_fast", 1.173929)]
    [InlineData("quick_gelu", 1.3 * 0.9013753)]
    [InlineData("relu", 1.3)]
    [InlineData("silu", 1.3 * 0.785834983)]
    [InlineData("swish", 1.3 * 0.785834983)]
    [InlineData("tanh", 0.861723159)]
    public void Every_name_has_its_formula(string name, double expected)
    {
        using var scope = NewDisposeScope();
        var activation = PublishedActivation.Parse(name);
        Functional.Activate(Tensors.From([1.3f], 1), activation).ToDouble().ShouldBe(expected, 2e-6);
        using var config = JsonDocument.Parse(
            $$"""{"vocab_size":9,"hidden_size":4,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":8,"hidden_act":"{{name}}"}"""
        );
        BertConfiguration.Read(config.RootElement).Activation.ShouldBe(activation);
    }

    [Fact]
    public void An_unknown_name_is_told_with_those_that_are_known() =>
        Should
            .Throw<OptionException>(() => PublishedActivation.Parse("mish"))
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldContain("'mish'"),
                message => message.ShouldContain("gelu_fast"),
                message => message.ShouldContain("swish")
            );
}
