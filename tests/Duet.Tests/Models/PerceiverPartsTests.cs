// The readers, the padding and the latents of Perceiver IO beyond what the published cases use.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Pretrained;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

public sealed class PerceiverPartsTests
{
    [Theory]
    [InlineData(PerceiverImageReading.Pixels, 1, false, false)]
    [InlineData(PerceiverImageReading.Pixels, 2, true, false)]
    [InlineData(PerceiverImageReading.Patches, 4, false, true)]
    [InlineData(PerceiverImageReading.Patches, 4, true, false)]
    [InlineData(PerceiverImageReading.Convolution, 4, true, false)]
    [InlineData(PerceiverImageReading.Convolution, 4, false, true)]
    [InlineData(PerceiverImageReading.PointConvolution, 3, false, true)]
    [InlineData(PerceiverImageReading.PointConvolution, 1, true, true)]
    public void Every_way_of_reading_gives_the_promised_shape(PerceiverImageReading reading, long downsample, bool fourier, bool add)
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverImageOptions(12, 16)
        {
            Reading = reading,
            Downsample = downsample,
            OutputChannels = 10,
            LearnedPositionChannels = 7,
        };
        var (rows, columns) = options.Grid;
        options = options with
        {
            ProjectPatches = add,
            Fourier = fourier ? new(3, [rows, columns]) : null,
            AddPositions = add,
            PositionProjection = add ? options.OutputChannels : null,
        };
        using var reader = new PerceiverImageReader(options);
        reader.Forward(Tensors.Normal([2, 3, 12, 16])).shape.ShouldBe([2, reader.Cells, options.TokenChannels]);
    }

    [Fact]
    public void Fourier_features_are_positions_then_sines_then_cosines()
    {
        using var scope = NewDisposeScope();
        using var positions = new PerceiverFourierPositions([3, 2], new(2, [4, 6]));
        var table = positions.Forward(CPU);
        table.shape.ShouldBe([6, 10]);

        // Row 1, column 0 of the grid lies at (0, -1); bands are 1 and 2 for the rows, 1 and 3 for the columns.
        table.select(0, 2).ToArray().ShouldBe([0, -1, 0, 0, 0, 0, 1, 1, -1, -1], 1e-6);
    }

    [Fact]
    public void Modalities_are_joined_in_the_order_of_their_names_and_masked_by_their_own_token()
    {
        using var scope = NewDisposeScope();
        var channels = new Dictionary<string, long>(StringComparer.Ordinal) { ["text"] = 2, ["image"] = 3 };
        using var padding = new ModalityPadding(channels, minimumPadding: 1, ["text"]);
        padding.Names.ShouldBe(["image", "text"]);
        padding.Width.ShouldBe(4);
        var tokens = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["text"] = full([1, 2, 2], 5.0),
            ["image"] = full([1, 1, 3], 7.0),
        };
        var masked = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["text"] = Tensors.From([false, true], 1, 2) };
        var joined = padding.Forward(tokens, masked);
        joined.shape.ShouldBe([1, 3, 4]);
        joined.select(1, 0).ToArray()[..3].ShouldBe([7, 7, 7]);
        joined.select(1, 1).ToArray()[..2].ShouldBe([5, 5]);
        var token = padding.NamedParameters().Single(parameter => parameter.Key == "mask.text").Value;
        joined.select(1, 2).ToArray().ShouldBe(token.ToArray());
        Should
            .Throw<ArgumentException>(() =>
                padding.Forward(tokens, new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["image"] = masked["text"] })
            )
            .Message.ShouldContain("'image'");
    }

    [Fact]
    public void Hidden_input_does_not_reach_the_latents()
    {
        using var scope = NewDisposeScope();
        using var encoder = new LatentEncoder(
            new(4, 8, 6)
            {
                CrossHeads = 2,
                SelfHeads = 2,
                Blocks = 3,
                CrossAttentions = 2,
                ShareFirstBlock = false,
            }
        );
        var input = Tensors.Normal([2, 5, 6]);
        var visible = Tensors.From([true, true, false, true, false, false, false, false, false, false], 2, 5);
        var other = input.where(visible.unsqueeze(2), Tensors.Normal([2, 5, 6]));
        var first = encoder.Forward(input, visible);
        first.isfinite().all().ToBoolean().ShouldBeTrue("a row without any visible input stays finite");
        (first - encoder.Forward(other, visible)).select(0, 0).abs().max().ToDouble().ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Queries_learned_in_another_width_are_projected_first()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var projecting = new LatentDecoder(2, new(6, 2, 8), queryChannels: 4);
        using var plain = new LatentDecoder(2, new(6, 2, 8));
        var state = projecting.NamedState().ToDictionary();
        state["queries"].shape.ShouldBe([2, 4]);
        state["query_projection.weight"].shape.ShouldBe([6, 4]);
        var projected = nn.functional.linear(state["queries"], state["query_projection.weight"], state["query_projection.bias"]);
        plain.LoadState(
            state.Where(tensor => !tensor.Key.StartsWith("quer", StringComparison.Ordinal)).Append(new("queries", projected)).ToDictionary()
        );
        var latents = Tensors.Normal([3, 5, 8]);
        projecting.Forward(latents).ToArray().ShouldBe(plain.Forward(latents).ToArray(), 1e-6);
    }

    [Fact]
    public void A_layer_computes_with_the_activation_it_is_told()
    {
        using var scope = NewDisposeScope();
        using var first = new LatentEncoder(new(4, 8, 6) { Activation = Activation.Relu });
        using var second = new LatentEncoder(new(4, 8, 6));
        second.LoadState(first.NamedState().ToDictionary());
        var input = Tensors.Normal([2, 5, 6]);
        (first.Forward(input) - second.Forward(input)).abs().max().ToDouble().ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Published_weights_may_lack_the_count_of_batches()
    {
        using var scope = NewDisposeScope();
        using var reader = new PerceiverImageReader(
            new(12, 16) { Reading = PerceiverImageReading.Convolution, LearnedPositionChannels = 7 }
        );
        const string Prefix = "input_preprocessor.modalities.image.";
        var published = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            [$"{Prefix}convnet.conv.weight"] = zeros([64, 3, 7, 7]),
            [$"{Prefix}position_embeddings.position_embeddings"] = zeros([reader.Cells, 7]),
        };
        foreach (var name in new[] { "weight", "bias", "running_mean", "running_var" })
        {
            published[$"{Prefix}convnet.batchnorm.{name}"] = zeros([64]);
        }

        var wanted = NameMap.ShapesOf(reader).ToDictionary(shape => $"image.{shape.Key}", shape => shape.Value);
        wanted.Keys.ShouldContain("image.norm.num_batches_tracked");
        var mapped = PerceiverNames.HuggingFace.Apply(published, wanted);
        mapped.Missing.ShouldBeEmpty();
        mapped.Unmatched.ShouldBeEmpty();
        published.Remove($"{Prefix}convnet.batchnorm.running_mean");
        PerceiverNames.HuggingFace.Apply(published, wanted).Missing.ShouldBe(["image.norm.running_mean"]);
    }

    [Fact]
    public void Settings_that_cannot_work_are_named()
    {
        Should
            .Throw<ArgumentOutOfRangeException>(() => new LatentDecoder(1, new(6, 2, 8), queryChannels: 0))
            .ParamName.ShouldBe("queryChannels");
        Should
            .Throw<OptionException>(() => new LatentEncoder(new(4, 8, 6) { Blocks = 1, CrossAttentions = 2 }))
            .Message.ShouldContain("cross_attentions is 2");
        Should.Throw<OptionException>(() => new LatentEncoder(new(4, 8, 6) { SelfHeads = 3 })).Message.ShouldContain("3 heads");
        Should.Throw<OptionException>(() => new PerceiverImageReader(new(10, 10) { Downsample = 4 })).Message.ShouldContain("patches of 4");
        Should.Throw<OptionException>(() => (new PerceiverIoOptions { Latents = 0 }).Validate()).Message.ShouldContain("latents is 0");
        using var text = new PerceiverTextReader(10, 4, 8);
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => text.Forward(zeros([1, 5], dtype: ScalarType.Int64))).Message.ShouldContain("5 tokens");
    }
}
