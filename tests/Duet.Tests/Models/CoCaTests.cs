// CoCa's arrangements that no fixture holds: the paper's poolers, what heads may read, captions of every method.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Models.Generation;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

[Collection(RandomNumbersCollection.Name)]
public sealed class CoCaTests
{
    private static CoCaOptions Tiny => (CoCaOptions)CoCa.Descriptor.Preset("tiny") with { Dropout = 0, HeadDropout = 0 };

    [Theory]
    [InlineData(CoCaPooling.Single, 15)]
    [InlineData(CoCaPooling.Cascade, 16)]
    [InlineData(CoCaPooling.Parallel, 16)]
    [InlineData(CoCaPooling.None, 36)]
    public void Every_pooling_gives_one_embedding_and_tokens_for_the_decoder(CoCaPooling pooling, int tokens)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny with { Pooling = pooling });
        var batch = ContractBatches.Make(model.Options, 4, seed: 1, gaps: false);
        var (embedding, sequence) = model.Image.Encode(batch.Pixels);
        embedding.shape.ShouldBe([4, Tiny.JointWidth]);
        sequence.shape.ShouldBe([4, tokens, model.Image.TokenWidth]);
        model.PretrainingLoss(batch).isfinite().all().ToBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData(CoCaPooling.Single)]
    [InlineData(CoCaPooling.Cascade)]
    [InlineData(CoCaPooling.Parallel)]
    [InlineData(CoCaPooling.None)]
    public void The_captioner_says_where_each_word_looks(CoCaPooling pooling)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = Create(Tiny with { Pooling = pooling });
        model.eval();
        var batch = ContractBatches.Make(model.Options, 4, seed: 5, gaps: false);
        var maps = model.Align(batch);
        var length = batch.TokenIds.size(1);
        maps.shape.ShouldBe([4, length, 36]);
        maps.select(1, 0).abs().max().ToDouble().ShouldBe(0);

        // Attention to the class position is left out, so a map is at most one whole.
        var whole = maps.narrow(1, 1, length - 1).sum(2);
        whole.max().ToDouble().ShouldBeLessThanOrEqualTo(1 + 1e-5);
        (whole.neg()).max().ToDouble().ShouldBeLessThan(0);

        // A word's map is what the captioner looked at before it read that word: the word itself plays no part.
        var changed = batch.TokenIds.clone();
        changed.select(1, 3).copy_(changed.select(1, 2));
        var other = model.Align(batch with { TokenIds = changed });
        (other - maps).narrow(1, 0, 4).abs().max().ToDouble().ShouldBeLessThan(1e-6);
        new AttentionAlignment(model).Align(batch).ToArray().ShouldBe(maps.ToArray(), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_class_token_follows_the_given_text_only_where_published_checkpoints_have_it_so(bool legacy)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = Create(Tiny with { LegacyClassMask = legacy });
        var state = model.Text.NamedState().ToDictionary();
        var embedded = model.Text.Embed(zeros([1, 5], dtype: ScalarType.Int64));
        var place = legacy ? 5 : model.Options.ContextLength;
        var expected = state["cls_emb"] + state["positional_embedding"].select(0, place);
        embedded.select(0, 0).select(0, 5).ToArray().ShouldBe(expected.ToArray(), 1e-6);
    }

    [Fact]
    public void The_text_halfs_mlp_may_have_another_width()
    {
        using var model = Create(Tiny with { TextMlpRatio = 2.5 });
        var state = model.NamedState().ToDictionary();
        var width = Tiny.Text.Width;
        state["text.transformer.resblocks.0.mlp.c_fc.weight"].shape.ShouldBe([(long)(2.5 * width), width]);
        state["text_decoder.resblocks.0.mlp.c_fc.weight"].shape.ShouldBe([4L * width, width]);
        Should.Throw<OptionException>(() => (Tiny with { TextMlpRatio = 0 }).Validate()).Message.ShouldContain("text_mlp_ratio");
    }

    [Theory]
    [InlineData(CoCaFeatures.Pooled, 128)]
    [InlineData(CoCaFeatures.Decoder, 64)]
    [InlineData(CoCaFeatures.Both, 192)]
    public void Heads_read_what_the_settings_say(CoCaFeatures features, int width)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny with { Features = features });
        model.Forward(ContractBatches.Make(model.Options, 4, seed: 2)).JointEmbedding!.shape.ShouldBe([4, width]);
    }

    [Fact]
    public void An_auxiliary_caption_loss_is_there_while_training_only()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny with { AuxiliaryCaptionWeight = 0.5 });
        var batch = ContractBatches.Make(model.Options, 6, seed: 3);
        model.Forward(batch).AuxiliaryLoss.ShouldBeNull();
        model.train();
        var both = batch.ImagePresent.logical_and(batch.TextPresent).nonzero().reshape(-1);
        var pairs = batch.Select(both);
        var (_, image) = model.Image.Encode(pairs.Pixels);
        var states = model.Decoder.Decode(model.Text.Encode(pairs.TokenIds, pairs.TokenMask).Tokens, image);
        model.eval();
        var expected = 0.5 * model.CaptionLoss(states, pairs.TokenIds, pairs.TokenMask).ToDouble();

        // Batch statistics of the convolutional stem see all rows, so the two agree closely and not to the last bit.
        model.train();
        model.Forward(batch).AuxiliaryLoss!.ToDouble().ShouldBe(expected, 0.2);
    }

    [Fact]
    public void A_batch_without_pairs_costs_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny);
        var batch = ContractBatches.Make(model.Options, 4, seed: 4, gaps: false).Restrict(InputModalities.Image);
        model.PretrainingLoss(batch).ToDouble().ShouldBe(0);
    }

    [Theory]
    [InlineData(DecodingMethod.Greedy)]
    [InlineData(DecodingMethod.Beam)]
    [InlineData(DecodingMethod.TopP)]
    public void Captions_begin_with_the_start_and_do_not_depend_on_other_pictures(DecodingMethod method)
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny);
        var pixels = ContractBatches.Make(model.Options, 3, seed: 5, gaps: false).Pixels;
        var generator = new CaptionGenerator(new CaptionOptions(1, 2, 0, 8) { Method = method, TopP = 1e-6 });
        var captions = generator.Caption(model, pixels);
        captions.shape.ShouldBe([3, 8]);
        captions.select(1, 0).ToInt64Array().ShouldAllBe(id => id == 1);
        generator.Caption(model, pixels.narrow(0, 1, 1)).ToInt64Array().ShouldBe(captions.select(0, 1).ToInt64Array());
    }

    [Fact]
    public void A_caption_longer_than_the_context_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Create(Tiny);
        var pixels = ContractBatches.Make(model.Options, 1, seed: 6, gaps: false).Pixels;
        Should
            .Throw<OptionException>(() => new CaptionGenerator(new CaptionOptions(1, 2, 0, 500)).Caption(model, pixels))
            .Message.ShouldContain("context length");
    }

    private static CoCa Create(CoCaOptions options)
    {
        TorchRuntime.Seed(1);
        return new CoCa(options, ContractBatches.Context);
    }
}
