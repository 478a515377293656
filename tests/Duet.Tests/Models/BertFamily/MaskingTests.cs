// What is masked, how often, and what alignment changes.
using Duet.Models.Fusion;
using Duet.Models.Heads;
using Duet.Torch;

namespace Duet.Tests.Models.BertFamily;

[Collection(RandomNumbersCollection.Name)]
public sealed class MaskingTests
{
    private const int Word = 10;

    [Fact]
    public void Chooses_15_percent_of_the_words_and_replaces_most_of_them()
    {
        using var scope = new TensorScope();
        TorchRuntime.Seed(3);
        var tokens = Tensor.Full([400, 20], Word, ScalarType.Int64);
        var content = Tensor.Ones([400, 20], ScalarType.Boolean);
        var masking = TokenMasking.Draw(tokens, content, ContractBatches.Context);
        var chosen = masking.Chosen.To(ScalarType.Float32);
        chosen.Sum(1).ToArray().ShouldAllBe(count => count == 3);
        Share(masking.Tokens.Equal(ContractBatches.Context.MaskId)).ShouldBe(0.8, 0.05);
        Share(masking.Tokens.Equal(Word)).ShouldBe(0.1, 0.04);
        masking.Tokens.NotEqual(Word).And(masking.Chosen.Not()).To(ScalarType.Float32).Sum().Item().ShouldBe(0);

        double Share(Tensor what) => what.And(masking.Chosen).To(ScalarType.Float32).Sum().Item() / chosen.Sum().Item();
    }

    [Fact]
    public void Never_touches_what_is_no_word_and_masks_one_word_of_a_short_text()
    {
        using var scope = new TensorScope();
        var content = Tensor.From([false, true, true, false, false, false, false, false], 2, 4);
        var masking = TokenMasking.Draw(Tensor.Full([2, 4], Word, ScalarType.Int64), content, ContractBatches.Context);
        masking.Chosen.And(content.Not()).To(ScalarType.Float32).Sum().Item().ShouldBe(0);
        masking.Chosen.To(ScalarType.Float32).Sum(1).ToArray().ShouldBe([1f, 0]);
        masking.Loss(Tensor.Ones([2, 4, 3]), Tensor.Zeros([2, 4], ScalarType.Int64), states => states, Tensor.Zeros([2], ScalarType.Boolean)).Item().ShouldBe(0);
    }

    [Fact]
    public void Words_with_priority_are_masked_first()
    {
        using var scope = new TensorScope();
        var priority = Tensor.Zeros([50, 20]);
        priority = Tensor.Concatenate(1, priority.Narrow(1, 0, 17), Tensor.Ones([50, 3]));
        var masking = TokenMasking.Draw(Tensor.Full([50, 20], Word, ScalarType.Int64), Tensor.Ones([50, 20], ScalarType.Boolean), ContractBatches.Context, priority);
        masking.Chosen.Narrow(1, 17, 3).To(ScalarType.Float32).Sum().Item().ShouldBe(150);
    }

    [Fact]
    public void Patches_are_chosen_once_each_without_alignment()
    {
        using var scope = new TensorScope();
        var guide = new AlignmentGuidedMasking(null, Tensor.Ones([200, 6], ScalarType.Boolean));
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
        using var scope = new TensorScope();
        TorchRuntime.Seed(5);

        // One word per text, aligned with cell 7 of a 5 x 5 grid.
        const int texts = 200;
        var scores = Tensor.Zeros([25]).Scatter(0, Tensor.From([7L], 1), Tensor.Ones([1])).Reshape(1, 1, 25).Expand(texts, 1, 25);
        var guide = new AlignmentGuidedMasking(scores, Tensor.Ones([texts, 1], ScalarType.Boolean));
        var hit = guide.ChoosePatches(5, 1).Equal(7).Squeeze(1);
        var word = guide.WordPriority!.Squeeze(1).Greater(0);
        word.Or(hit).To(ScalarType.Float32).Sum().Item().ShouldBe(texts);
        hit.To(ScalarType.Float32).Sum().Item().ShouldBeInRange(70, 140);
        word.To(ScalarType.Float32).Sum().Item().ShouldBeInRange(70, 130);
    }

    [Fact]
    public void Exchanged_pictures_are_other_ones()
    {
        using var scope = new TensorScope();
        TorchRuntime.Seed(6);
        var pairs = MatchingPairs.Draw(300, Device.Cpu);
        var own = pairs.Partner.Equal(Tensor.Range(0, 300));
        own.ToInt64Array().ShouldBe(pairs.Matches.ToInt64Array());
        pairs.Matches.To(ScalarType.Float32).Mean().Item().ShouldBe(0.5, 0.1);
        MatchingPairs.Draw(1, Device.Cpu).Matches.ToInt64Array().ShouldBe([1L]);
    }
}
