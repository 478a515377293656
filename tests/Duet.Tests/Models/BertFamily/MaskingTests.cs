// What is masked, how often, and what alignment changes.
using Duet.Models;
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models.BertFamily;

[Collection(RandomNumbersCollection.Name)]
public sealed class MaskingTests
{
    private const int Word = 10;

    [Fact]
    public void Chooses_15_percent_of_the_words_and_replaces_most_of_them()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(3);
        var tokens = full([400, 20], Word, dtype: ScalarType.Int64);
        var content = ones([400, 20], dtype: ScalarType.Bool);
        var masking = TokenMasking.Draw(tokens, content, ContractBatches.Context);
        var chosen = masking.Chosen.to(ScalarType.Float32);
        chosen.sum(1).ToArray().ShouldAllBe(count => count == 3);
        Share(masking.Tokens.eq(ContractBatches.Context.MaskId)).ShouldBe(0.8, 0.05);
        Share(masking.Tokens.eq(Word)).ShouldBe(0.1, 0.04);
        masking.Tokens.ne(Word).logical_and(masking.Chosen.logical_not()).to(ScalarType.Float32).sum().ToDouble().ShouldBe(0);

        double Share(Tensor what) => what.logical_and(masking.Chosen).to(ScalarType.Float32).sum().ToDouble() / chosen.sum().ToDouble();
    }

    [Fact]
    public void Never_touches_what_is_no_word_and_masks_one_word_of_a_short_text()
    {
        using var scope = NewDisposeScope();
        var content = Tensors.From([false, true, true, false, false, false, false, false], 2, 4);
        var masking = TokenMasking.Draw(full([2, 4], Word, dtype: ScalarType.Int64), content, ContractBatches.Context);
        masking.Chosen.logical_and(content.logical_not()).to(ScalarType.Float32).sum().ToDouble().ShouldBe(0);
        masking.Chosen.to(ScalarType.Float32).sum(1).ToArray().ShouldBe([1f, 0]);
        masking
            .Loss(ones([2, 4, 3]), zeros([2, 4], dtype: ScalarType.Int64), states => states, zeros([2], dtype: ScalarType.Bool))
            .ToDouble()
            .ShouldBe(0);
    }

    [Fact]
    public void Words_with_priority_are_masked_first()
    {
        using var scope = NewDisposeScope();
        var priority = zeros([50, 20]);
        priority = cat([priority.narrow(1, 0, 17), ones([50, 3])], 1);
        var masking = TokenMasking.Draw(
            full([50, 20], Word, dtype: ScalarType.Int64),
            ones([50, 20], dtype: ScalarType.Bool),
            ContractBatches.Context,
            priority
        );
        masking.Chosen.narrow(1, 17, 3).to(ScalarType.Float32).sum().ToDouble().ShouldBe(150);
    }

    [Fact]
    public void Patches_are_chosen_once_each_without_alignment()
    {
        using var scope = NewDisposeScope();
        var guide = new AlignmentGuidedMasking(null, ones([200, 6], dtype: ScalarType.Bool));
        var places = guide.ChoosePatches(4, 2).ToInt64Array();
        for (var row = 0; row < 200; row++)
        {
            places[2 * row].ShouldNotBe(places[(2 * row) + 1]);
        }

        places.Distinct().Count().ShouldBe(16);
        guide.WordPriority.ShouldBeNull();
    }

    [Fact]
    public void Of_an_aligned_pair_either_the_patch_or_the_word_comes_first()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(5);

        // One word per text, aligned with cell 7 of a 5 x 5 grid.
        const int texts = 200;
        var scores = zeros([25]).scatter(0, Tensors.From([7L], 1), ones([1])).reshape(1, 1, 25).expand(texts, 1, 25);
        var guide = new AlignmentGuidedMasking(scores, ones([texts, 1], dtype: ScalarType.Bool));
        var hit = guide.ChoosePatches(5, 1).eq(7).squeeze(1);
        var word = guide.WordPriority!.squeeze(1).gt(0);
        word.logical_or(hit).to(ScalarType.Float32).sum().ToDouble().ShouldBe(texts);
        hit.to(ScalarType.Float32).sum().ToDouble().ShouldBeInRange(70, 140);
        word.to(ScalarType.Float32).sum().ToDouble().ShouldBeInRange(70, 130);
    }

    [Fact]
    public void Exchanged_pictures_are_other_ones()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Seed(6);
        var pairs = MatchingPairs.Draw(300, CPU);
        var own = pairs.Partner.eq(arange(0, 300));
        own.ToInt64Array().ShouldBe(pairs.Matches.ToInt64Array());
        pairs.Matches.to(ScalarType.Float32).mean().ToDouble().ShouldBe(0.5, 0.1);
        MatchingPairs.Draw(1, CPU).Matches.ToInt64Array().ShouldBe([1L]);
    }
}
