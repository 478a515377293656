// What stands beside a block of sizes counts for it, and what stands inside it wins.
using System.Text.Json;
using Duet.Torch;

namespace Duet.Tests.Parity;

public sealed class JsonOptionsTests
{
    [Theory]
    [InlineData("gelu", "gelu")]
    [InlineData("gelu (erf)", "gelu")]
    [InlineData("gelu (exact, erf)", "gelu")]
    [InlineData("gelu with tanh approximation (gelu_new), also in the MLM head", "gelu_new")]
    [InlineData("gelu_new", "gelu_new")]
    [InlineData("QuickGELU: x*sigmoid(1.702x)", "quick_gelu")]
    [InlineData("relu", "relu")]
    public void Activations_in_words_have_names(string words, string name) => JsonOptions.NameOf(words).ShouldBe(name);

    [Theory]
    [InlineData("""{"layer_norm_eps":1e-5,"hidden_act":"relu","bert":{"a":1}}""", 1e-5, "relu")]
    [InlineData("""{"layer_norm_eps":1e-5,"hidden_act":"relu","bert":{"layer_norm_eps":1e-7,"hidden_act":"silu"}}""", 1e-7, "silu")]
    [InlineData("""{"layer_norm_eps":{"first":1e-3,"second":1e-4},"hidden_act":"gelu (erf)","bert":{}}""", 1e-4, "gelu")]
    public void The_inner_block_wins(string json, double epsilon, string activation)
    {
        using var document = JsonDocument.Parse(json);
        var block = document.RootElement.Block("bert", "second");
        block.GetProperty("layer_norm_eps").GetDouble().ShouldBe(epsilon);
        block.GetProperty("hidden_act").GetString().ShouldBe(activation);
    }

    [Theory]
    [InlineData("""{"model":{SIZES}}""")]
    [InlineData("""{"hidden_act":"gelu with tanh approximation (gelu_new)","model":{SIZES}}""")]
    [InlineData("""{"model":{SIZES,"hidden_act":"gelu"}}""")]
    public void EasyTransfer_has_one_gelu(string json)
    {
        const string Sizes = """
            "vocab_size":9,"hidden_size":4,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":8
            """;
        using var document = JsonDocument.Parse(json.Replace("SIZES", Sizes, StringComparison.Ordinal));
        EasyTransferOptions.Read(document.RootElement).Activation.ShouldBe(Activation.GeluTanh);
    }

    [Fact]
    public void What_stands_nowhere_stays_open()
    {
        using var document = JsonDocument.Parse("""{"bert":{"a":1}}""");
        document.RootElement.Block("bert").EnumerateObject().Select(setting => setting.Name).ShouldBe(["a"]);
    }
}
