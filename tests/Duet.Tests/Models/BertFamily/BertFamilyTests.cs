// What is particular to the systems around BERT.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Torch;

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

        bool Trains(string prefix) => model.NamedParameters()
            .Where(parameter => parameter.Key.StartsWith(prefix, StringComparison.Ordinal))
            .All(parameter => parameter.Value.RequiresGrad);
    }

    [Fact]
    public void Mmbt_reads_grey_for_a_missing_picture_where_asked()
    {
        using var scope = new TensorScope();
        using var recording = Gradients.Disabled();
        var options = Tiny<MmbtOptions>("mmbt") with { MissingPicture = MissingPicture.Grey };
        using var model = new Mmbt(options, ContractBatches.Context);
        var batch = ContractBatches.Make(options, 4, seed: 1);
        var grey = options.PixelMean.Zip(options.PixelDeviation, (mean, deviation) => (float)(((128.0 / 255) - mean) / deviation)).ToArray();
        var drawn = batch with
        {
            Pixels = batch.Pixels.Where(batch.ImagePresent.Reshape(-1, 1, 1, 1), Tensor.From(grey, 1, 3, 1, 1)),
            ImagePresent = Tensor.Ones([4], ScalarType.Boolean),
        };
        batch.ImagePresent.ToInt64Array().ShouldContain(0L);
        model.Forward(batch).Logits[0].ToArray().ShouldBe(model.Forward(drawn).Logits[0].ToArray(), 1e-6);
    }

    [Fact]
    public void A_missing_picture_leaves_batch_statistics_alone()
    {
        using var scope = new TensorScope();
        using var network = new ResNet(ResNetOptions.Tiny);
        network.Train();
        var pixels = Tensor.Normal([5, 3, 32, 32]);
        var present = Tensor.From([true, false, true, true, false], 5);
        var map = PictureFeatures.Map(network, pixels, present);
        var alone = network.Forward(pixels.IndexSelect(0, Tensor.From([0L, 2, 3], 3)));
        map.IndexSelect(0, Tensor.From([0L, 2, 3], 3)).ToArray().ShouldBe(alone.ToArray(), 1e-5);
        map.IndexSelect(0, Tensor.From([1L, 4], 2)).Abs().Sum().Item().ShouldBe(0);
        PictureFeatures.Map(network, pixels, Tensor.Zeros([5], ScalarType.Boolean)).Shape.ShouldBe(map.Shape);
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
        using var scope = new TensorScope();
        using var teacher = ContractModel.Create(teacherName);
        var options = Tiny<KaleidoBertOptions>("kaleidobert");
        using var model = new KaleidoBert(options, ContractBatches.Context) { Alignment = new AttentionAlignment(teacher) };
        var batch = ContractBatches.Make(options, 8, seed: 2);
        teacher.Options.ImageSize.ShouldBe(options.ImageSize);
        model.PretrainingLoss(batch).Item().ShouldBeGreaterThan(0);
        var scores = model.Alignment.Align(batch);
        scores.Size(1).ShouldBe(batch.TokenIds.Size(1));
        teacher.IsTraining.ShouldBeFalse();
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("visualbert")]
    [InlineData("imagebert")]
    [InlineData("kaleidobert")]
    public void Pre_training_without_pairs_is_no_error(string name)
    {
        using var scope = new TensorScope();
        using var model = ContractModel.Create(name);
        var batch = ContractBatches.Make(model.Options, 4, seed: 3, gaps: false) with { TextPresent = Tensor.Zeros([4], ScalarType.Boolean) };
        var loss = model.PretrainingLoss(batch);
        loss.Item().ShouldBe(0);
        loss.Backward();
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
        Should.Throw<OptionException>((preset with { Text = preset.Text with { Segments = 1 } }).Validate).Message.ShouldContain("text.segments is 1");
    }

    private static TOptions Tiny<TOptions>(string name)
        where TOptions : ModelOptions
        => (TOptions)ModelRegistry.Find(name).Preset("tiny");

    private static void ShouldLearnEverything(ProductModel model, ModelOptions options)
    {
        using var scope = new TensorScope();
        model.Train();
        ContractModel.WholeLoss(model, ContractBatches.Make(options, 16, seed: 4)).Backward();
        model.NamedParameters().Where(parameter => parameter.Value.Gradient is not { } gradient || !gradient.AllFinite())
            .Select(parameter => parameter.Key).ShouldBeEmpty();
    }
}
