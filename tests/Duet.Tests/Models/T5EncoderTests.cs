// T5's encoder against figures from elsewhere.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

/// <summary>
/// The expected figures come from a PyTorch 1.13 program of its own, written from the papers (arXiv 1910.10683, 1910.07467, 2002.05202) and
/// the published modeling_t5.py, in float32, with weights under Hugging Face's names made by the formula of <see cref="Published"/>.
/// </summary>
[Collection(RandomNumbersCollection.Name)]
public sealed class T5EncoderTests
{
    private const int Vocabulary = 20;

    private static readonly T5Options Shape = new()
    {
        Width = 6,
        Layers = 2,
        Heads = 2,
        HeadWidth = 4,
        MlpWidth = 10,
        Buckets = 8,
        MaximumDistance = 16,
        Dropout = 0,
    };

    [Theory]
    [InlineData(-200, 15)]
    [InlineData(-91, 15)]
    [InlineData(-90, 14)]
    [InlineData(-64, 14)]
    [InlineData(-63, 13)]
    [InlineData(-46, 13)]
    [InlineData(-45, 12)]
    [InlineData(-32, 12)]
    [InlineData(-31, 11)]
    [InlineData(-16, 10)]
    [InlineData(-15, 9)]
    [InlineData(-12, 9)]
    [InlineData(-11, 8)]
    [InlineData(-8, 8)]
    [InlineData(-7, 7)]
    [InlineData(0, 0)]
    [InlineData(1, 17)]
    [InlineData(8, 24)]
    [InlineData(16, 26)]
    [InlineData(64, 30)]
    [InlineData(500, 31)]
    public void Distances_fall_into_the_published_buckets(int distance, int bucket) =>
        T5Distances.Bucket(distance, 32, 128).ShouldBe(bucket);

    [Fact]
    public void A_table_has_queries_in_rows()
    {
        var table = T5Distances.Table(4, 8, 16);
        table.ShouldBe([0, 5, 6, 6, 1, 0, 5, 6, 2, 1, 0, 5, 2, 2, 1, 0]);
        Should.Throw<ArgumentOutOfRangeException>(() => T5Distances.Bucket(1, 8, 2));
    }

    [Fact]
    public void The_norm_takes_no_mean_away()
    {
        using var scope = NewDisposeScope();
        using var norm = new RmsNorm(4);
        using var recording = no_grad();
        norm.Weight.copy_(Tensors.From([1f, 0.5f, 2f, 1f], 4));

        // The mean of squares of 1, 2, -3, 4 is 7.5.
        norm.Forward(Tensors.From([1f, 2f, -3f, 4f], 1, 4)).ToArray().ShouldBe([0.365148f, 0.365148f, -2.19089f, 1.460593f], 1e-5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_states_are_those_of_another_implementation(bool gated)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var encoder = Load(gated);
        var ids = Tensors.From([3L, 7, 19, 4, 11, 8, 5, 12, 9, 1, 6, 2, 14, 1, 0, 0, 0, 0, 0, 0], 2, 10);
        var visible = arange(0, 10).unsqueeze(0).lt(Tensors.From([10L, 4], 2, 1));
        using var recorder = ForwardRecorder.Begin(encoder);
        var states = encoder.Forward(ids, visible);
        float[][] expected = gated
            ?
            [
                [-0.777732f, 0.418233f, 1.166095f, -0.157996f, -1.801567f, -1.110278f],
                [-0.042269f, 0.499711f, 0.265841f, -0.712336f, -2.253468f, -0.84695f],
                [-1.501975f, -0.05651f, 1.583646f, 0.698633f, -0.211952f, -1.002611f],
                [0.033396f, 0.526064f, 0.320909f, -0.676372f, -2.226626f, -0.876203f],
            ]
            :
            [
                [-1.510049f, -0.268035f, 0.084717f, -0.779779f, -1.17881f, -1.651733f],
                [-0.796365f, 0.185482f, -0.021961f, -1.31415f, -1.375844f, -1.397971f],
                [-1.998174f, -0.831961f, 0.003948f, -0.131545f, -0.704329f, -1.579115f],
                [-0.692894f, 0.328824f, 0.119544f, -1.297696f, -1.39043f, -1.384651f],
            ];
        State(0, 0).ShouldBe(expected[0], 1e-5);
        State(0, 9).ShouldBe(expected[1], 1e-5);
        State(1, 0).ShouldBe(expected[2], 1e-5);
        State(1, 3).ShouldBe(expected[3], 1e-5);
        recorder.Hidden().Count.ShouldBe(2);
        recorder.Attention()[0].shape.ShouldBe([2, 2, 10, 10]);
        recorder.Attention()[0].select(0, 1).narrow(2, 4, 6).abs().max().ToDouble().ShouldBe(0, "hidden keys are not looked at");

        float[] State(long row, long place) => states.select(0, row).select(0, place).contiguous().ToArray();
    }

    /// <summary>Weights under the published names: tensor k of the list holds <c>shift + scale sin(0.7 (k + 1) + i (1 + 0.1 k))</c> at
    /// place i.</summary>
    internal static Dictionary<string, Tensor> Published(T5Options shape, int vocabulary)
    {
        long inner = (long)shape.Heads * shape.HeadWidth,
            width = shape.Width;
        var state = new Dictionary<string, Tensor>();
        Add("shared.weight", 0.8, 0, vocabulary, width);
        Add("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", 0.9, 0, shape.Buckets, shape.Heads);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var block = $"encoder.block.{layer}.layer.";
            Add($"{block}0.layer_norm.weight", 0.3, 1, width);
            foreach (var part in (string[])["q", "k", "v"])
            {
                Add($"{block}0.SelfAttention.{part}.weight", 0.4, 0, inner, width);
            }

            Add($"{block}0.SelfAttention.o.weight", 0.4, 0, width, inner);
            Add($"{block}1.layer_norm.weight", 0.3, 1, width);
            foreach (var part in shape.Gated ? (string[])["wi_0", "wi_1"] : ["wi"])
            {
                Add($"{block}1.DenseReluDense.{part}.weight", 0.4, 0, shape.MlpWidth, width);
            }

            Add($"{block}1.DenseReluDense.wo.weight", 0.4, 0, width, shape.MlpWidth);
        }

        Add("encoder.final_layer_norm.weight", 0.3, 1, width);
        return state;

        void Add(string name, double scale, double shift, params long[] size)
        {
            var number = state.Count;
            var count = (int)size.Aggregate(1L, (product, one) => product * one);
            state[name] = Tensors.From(
                [
                    .. Enumerable
                        .Range(0, count)
                        .Select(i => (float)(shift + (scale * Math.Sin((0.7 * (number + 1)) + (i * (1 + (0.1 * number))))))),
                ],
                size
            );
        }
    }

    private static T5Encoder Load(bool gated)
    {
        var shape = Shape with { Gated = gated, Activation = gated ? Activation.GeluTanh : Activation.Relu };
        var encoder = new T5Encoder(shape, Vocabulary);
        const string Tower = "t5.";
        var wanted = NameMap.ShapesOf(encoder).ToDictionary(tensor => Tower + tensor.Key, tensor => tensor.Value);
        var mapped = T5Names.HuggingFace.Apply(Published(shape, Vocabulary), wanted);
        mapped.IsComplete.ShouldBeTrue();
        encoder.LoadState(mapped.State.ToDictionary(tensor => tensor.Key[Tower.Length..], tensor => tensor.Value));
        encoder.eval();
        return encoder;
    }
}
