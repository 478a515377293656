// What is particular to the systems around BERT.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models.BertFamily;

[Collection(RandomNumbersCollection.Name)]
public sealed class BertFamilyTests
{
    [Fact]
    public void Mmbt_freezes_its_towers_for_as_long_as_it_is_told()
    {
        var options = Tiny<MmbtOptions>("mmbt") with { FreezeImageEpochs = 1, FreezeTextEpochs = 2 };
        using var model = new Mmbt(options, ContractBatches.Context);
        (bool Image, bool Text)[] expected = [(false, false), (true, false), (true, true)];
        for (var epoch = 0; epoch < expected.Length; epoch++)
        {
            model.BeginEpoch(epoch);
            Trains("network.image.").ShouldBe(expected[epoch].Image);
            Trains("network.bert.encoder.").ShouldBe(expected[epoch].Text);
            Trains("network.bert.embeddings.").ShouldBeTrue();
            Trains("network.projection.").ShouldBeTrue();
        }

        bool Trains(string prefix) =>
            model
                .NamedParameters()
                .Where(parameter => parameter.Key.StartsWith(prefix, StringComparison.Ordinal))
                .All(parameter => parameter.Value.requires_grad);
    }

    [Fact]
    public void Mmbt_reads_grey_for_a_missing_picture_where_asked()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var options = Tiny<MmbtOptions>("mmbt") with { MissingPicture = MissingPicture.Grey };
        using var model = new Mmbt(options, ContractBatches.Context);
        var batch = ContractBatches.Make(options, 4, seed: 1);
        var grey = options
            .PixelMean.Zip(options.PixelDeviation, (mean, deviation) => (float)(((128.0 / 255) - mean) / deviation))
            .ToArray();
        var drawn = batch with
        {
            Pixels = batch.Pixels.where(batch.ImagePresent.reshape(-1, 1, 1, 1), Tensors.From(grey, 1, 3, 1, 1)),
            ImagePresent = ones([4], dtype: ScalarType.Bool),
        };
        batch.ImagePresent.ToInt64Array().ShouldContain(0L);
        model.Forward(batch).Logits[0].ToArray().ShouldBe(model.Forward(drawn).Logits[0].ToArray(), 1e-6);
    }

    [Fact]
    public void A_missing_picture_leaves_batch_statistics_alone()
    {
        using var scope = NewDisposeScope();
        using var network = new ResNet(ResNetOptions.Tiny);
        network.train();
        var pixels = Tensors.Normal([5, 3, 32, 32]);
        var present = Tensors.From([true, false, true, true, false], 5);
        var map = PictureFeatures.Map(network, pixels, present);
        var alone = network.Forward(pixels.index_select(0, Tensors.From([0L, 2, 3], 3)));
        map.index_select(0, Tensors.From([0L, 2, 3], 3)).ToArray().ShouldBe(alone.ToArray(), 1e-5);
        map.index_select(0, Tensors.From([1L, 4], 2)).abs().sum().ToDouble().ShouldBe(0);
        PictureFeatures.Map(network, pixels, zeros([5], dtype: ScalarType.Bool)).shape.ShouldBe(map.shape);
    }

    [Fact]
    public void ImageBert_in_EasyTransfers_form_learns_with_all_its_parts()
    {
        var options = Tiny<ImageBertOptions>("imagebert") with { Form = ImageBertForm.EasyTransfer };
        using var model = new ImageBert(options, ContractBatches.Context);
        ShouldLearnEverything(model, options);
    }

    [Fact]
    public void KaleidoBert_in_the_codes_form_learns_with_all_its_parts()
    {
        var options = Tiny<KaleidoBertOptions>("kaleidobert") with { Form = KaleidoForm.Code };
        using var model = new KaleidoBert(options, ContractBatches.Context);
        ShouldLearnEverything(model, options);
    }

    [Theory]
    [InlineData("cma-clip")]
    [InlineData("visualbert")]
    [InlineData("imagebert")]
    public void KaleidoBert_takes_its_alignment_from_any_attention_of_the_house(string teacherName)
    {
        using var scope = NewDisposeScope();
        using var teacher = ContractModel.Create(teacherName);
        var options = Tiny<KaleidoBertOptions>("kaleidobert");
        using var model = new KaleidoBert(options, ContractBatches.Context) { Alignment = new AttentionAlignment(teacher) };
        var batch = ContractBatches.Make(options, 8, seed: 2);
        teacher.Options.ImageSize.ShouldBe(options.ImageSize);
        model.PretrainingLoss(batch).ToDouble().ShouldBeGreaterThan(0);
        var scores = model.Alignment.Align(batch);
        scores.size(1).ShouldBe(batch.TokenIds.size(1));
        teacher.training.ShouldBeFalse();
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("visualbert")]
    [InlineData("imagebert")]
    [InlineData("kaleidobert")]
    public void Pre_training_without_pairs_is_no_error(string name)
    {
        using var scope = NewDisposeScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, 4, seed: 3, gaps: false) with { TextPresent = zeros([4], dtype: ScalarType.Bool) };
        var loss = model.PretrainingLoss(batch);
        loss.ToDouble().ShouldBe(0);
        loss.backward();
    }

    [Theory]
    [InlineData("bert", 48)]
    [InlineData("mmbt", 3)]
    public void Settings_outside_their_range_are_named(string name, int positions)
    {
        var descriptor = ModelRegistry.Find(name);
        var preset = (BertSystemOptions)descriptor.Preset("tiny");
        var options = preset with { ContextLength = 64, Text = preset.Text with { Positions = positions } };
        Should.Throw<OptionException>(() => descriptor.Create(options, ContractBatches.Context)).Message.ShouldContain("text.positions");
    }

    [Fact]
    public void Mmbt_needs_a_segment_for_the_picture_and_one_for_the_words()
    {
        var preset = Tiny<MmbtOptions>("mmbt");
        Should
            .Throw<OptionException>((preset with { Text = preset.Text with { Segments = 1 } }).Validate)
            .Message.ShouldContain("text.segments is 1");
    }

    private static TOptions Tiny<TOptions>(string name)
        where TOptions : ModelOptions => (TOptions)ModelRegistry.Find(name).Preset("tiny");

    private static void ShouldLearnEverything(ProductModel model, ModelOptions options)
    {
        using var scope = NewDisposeScope();
        model.train();
        ContractModel.WholeLoss(model, ContractBatches.Make(options, 16, seed: 4)).backward();
        model
            .NamedParameters()
            .Where(parameter => parameter.Value.grad is not { } gradient || !gradient.isfinite().all().ToBoolean())
            .Select(parameter => parameter.Key)
            .ShouldBeEmpty();
    }
}
