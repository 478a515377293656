// Training texts with tokens left out and split: as often as asked for, start and end in place, the same for the same seed, epoch and row.
using Duet.Data;
using Duet.Text;

namespace Duet.Tests.Training;

public sealed class TokenVariationTests
{
    private const int Context = 16;
    private static readonly TrainingView View = new(5, 2);
    private static readonly int[] Ids = [100, 101, 102, 103, 104, 105, 106, 107, 108, 109];

    private static readonly ClipBpe Tokenizer = BpeTrainer.Train(
        Enumerable.Repeat("leather sandals for summer", 10),
        new BpeTrainerOptions { VocabularySize = 600 }
    );

    [Fact]
    public void Tokens_are_left_out_as_often_as_asked()
    {
        var rows = Many(new TokenVariation(0.25, 0, null, Context), Ids);
        rows.Average(ids => ids.Length).ShouldBe(2 + (8 * 0.75), 0.1);
        rows.ShouldAllBe(ids => ids.First() == 100 && ids.Last() == 109);
        rows.ShouldAllBe(ids => ids.Zip(ids.Skip(1)).All(pair => pair.First < pair.Second));

        // Every inner token goes equally often.
        for (var id = 101; id < 109; id++)
        {
            rows.Average(ids => ids.Contains(id) ? 1.0 : 0).ShouldBe(0.75, 0.04);
        }
    }

    [Fact]
    public void Start_and_end_alone_stay()
    {
        var variation = new TokenVariation(0.9, 0.9, Tokenizer, Context);
        int[] empty = [Tokenizer.StartId, Tokenizer.EndId];
        Many(variation, empty).ShouldAllBe(ids => ids.SequenceEqual(empty));
    }

    [Fact]
    public void Split_tokens_spell_the_same_text()
    {
        const string Text = "leather sandals for summer";
        var whole = Tokenizer.Encode(Text, Context);
        var ids = whole.Ids[..whole.Length];
        ids.Length.ShouldBe(6);
        var rows = Many(new TokenVariation(0, 0.3, Tokenizer, 64), ids);
        rows.ShouldAllBe(row => Tokenizer.Decode(row).Trim() == Text);
        rows.Average(row => row.Length > 6 ? 1.0 : 0).ShouldBe(1 - Math.Pow(0.7, 4), 0.05);
        rows.Select(row => string.Join(' ', row)).Distinct().Count().ShouldBeGreaterThan(100);

        // A row has no more places than the context, its end included.
        var narrow = Many(new TokenVariation(0, 0.9, Tokenizer, 8), ids);
        narrow.ShouldAllBe(row => row.Length <= 8 && row.Last() == Tokenizer.EndId && row.First() == Tokenizer.StartId);
        narrow.ShouldContain(row => row.Length == 8);
    }

    [Fact]
    public void Seed_epoch_and_row_decide_alone()
    {
        var variation = new TokenVariation(0.5, 0, null, Context);
        variation.Apply(Ids, View, 7).ShouldBe(variation.Apply(Ids, View, 7));
        Many(variation, Ids).ShouldNotBe(Many(variation, Ids, View with { Epoch = 3 }));
        Many(variation, Ids).ShouldNotBe(Many(variation, Ids, View with { Seed = 6 }));
        new TokenVariation(0, 0, Tokenizer, Context).Apply(Ids, View, 7).ShouldBeSameAs(Ids);
    }

    private static List<int[]> Many(TokenVariation variation, int[] ids, TrainingView? view = null) =>
        [.. Enumerable.Range(1, 2000).Select(row => variation.Apply(ids, view ?? View, row))];
}
