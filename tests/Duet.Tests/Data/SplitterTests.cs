// Splits: nothing that looks alike on both sides, whatever the table.
using Duet.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data;

public sealed class SplitterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_text_picture_or_group_stands_in_two_splits()
    {
        for (var i = 0; i < 12; i++)
        {
            // Pictures i and i + 6 have the same bytes.
            _folder.Write($"{i}.jpg", $"picture {i % 6}");
        }

        var item = Gen.Zip(Gen.Choose(0, 30), Gen.Choose(0, 40)).Select(pair => (Text: pair.Item1, Image: pair.Item2));
        var cases = Gen.Zip(Gen.NonEmptyListOf(item), Gen.Choose(0, 1000)).ToArbitrary();
        Prop.ForAll(
                cases,
                drawn =>
                {
                    var products = drawn
                        .Item1.Select(
                            (one, row) =>
                                new Product(
                                    row + 1,
                                    $"{row}",
                                    one.Image < 12 ? [_folder[$"{one.Image}.jpg"]] : [],
                                    one.Text < 10 ? (row % 2 == 0 ? $"Text {one.Text}!" : $"  text,{one.Text}") : $"own {row}",
                                    [],
                                    Group: one.Text == 29 ? "g" : null
                                )
                        )
                        .ToArray();
                    var splits = Splitter.Split(products, new SplitOptions { Seed = (ulong)drawn.Item2 }, new Quarantine());
                    var all = new[] { splits.Train, splits.Validation, splits.Test };
                    all.SelectMany(part => part).OrderBy(product => product.Row).ShouldBe(products);
                    splits.Train.ShouldNotBeEmpty();
                    Keys(all[0]).Overlaps(Keys(all[1])).ShouldBeFalse();
                    Keys(all[0]).Overlaps(Keys(all[2])).ShouldBeFalse();
                    Keys(all[1]).Overlaps(Keys(all[2])).ShouldBeFalse();
                }
            )
            .CheckSeeded();
    }

    [Fact]
    public void A_missing_file_groups_nothing()
    {
        var products = Enumerable.Range(0, 400).Select(i => Item(i + 1, $"hat {i}") with { Images = [_folder["none.jpg"]] }).ToArray();
        var splits = Splitter.Split(products, new SplitOptions(), new Quarantine());
        (splits.Train.Count, splits.Validation.Count, splits.Test.Count).ShouldBe((320, 40, 40));
        splits.Notes.ShouldHaveSingleItem();

        // A run from before finds the split it had: one group of all.
        Splitter.Split(products, new SplitOptions { GroupByAnyPicture = true }, new Quarantine()).Train.Count.ShouldBe(400);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_picture_behind_many_rows_is_told_and_groups_nothing(bool declared)
    {
        // One placeholder under two names, and one picture of a size of its own.
        _folder.Write("a.jpg", "no picture yet");
        _folder.Write("b.jpg", "no picture yet");
        _folder.Write("logo.jpg", "a logo");
        var products = Enumerable
            .Range(0, 400)
            .Select(i =>
                Item(i + 1, $"hat {i}") with
                {
                    Images = i switch
                    {
                        < 200 => [_folder["a.jpg"]],
                        < 300 => [_folder["b.jpg"]],
                        < 390 => [_folder["logo.jpg"]],
                        _ => [],
                    },
                }
            )
            .ToArray();
        string[] placeholders = declared
            ?
            [
                .. new[] { "a.jpg", "logo.jpg" }.Select(name =>
                    Convert.ToHexString(new Duet.Vision.ImageDecoder().HashContent(_folder[name]))
                ),
            ]
            : [];
        var splits = Splitter.Split(products, new SplitOptions { Placeholders = placeholders }, new Quarantine());
        (splits.Train.Count, splits.Validation.Count, splits.Test.Count).ShouldBe((320, 40, 40));
        var told = splits.Notes.Where(note => note.Contains("placeholder", StringComparison.Ordinal)).ToArray();
        told.Length.ShouldBe(declared ? 0 : 2);
        if (!declared)
        {
            told[0].ShouldContain($"{_folder["a.jpg"]} is used by 300 of 400 rows (75 %)");
            told[1].ShouldContain($"{_folder["logo.jpg"]} is used by 90 of 400 rows (22.5 %)");
        }

        // With a split column nothing is grouped, and it is told all the same.
        var given = products.Select((product, i) => product with { Split = i % 10 == 0 ? "val" : "train" }).ToArray();
        Splitter
            .Split(given, new SplitOptions { ByColumn = true, Placeholders = placeholders }, new Quarantine())
            .Notes.Count(note => note.Contains("placeholder", StringComparison.Ordinal))
            .ShouldBe(declared ? 0 : 3);
    }

    [Fact]
    public void Of_several_texts_the_title_keeps_products_together()
    {
        // Pairs of one title with descriptions of their own; half of the descriptions are the same.
        var products = Enumerable
            .Range(0, 40)
            .Select(row => Item(row + 1, $"title {row / 2} text {row % 3}") with { Title = $"Title {row / 2}" })
            .ToArray();
        var splits = Splitter.Split(products, new SplitOptions(), new Quarantine());
        (splits.Train.Count, splits.Validation.Count, splits.Test.Count).ShouldBe((32, 4, 4));
        foreach (var part in new[] { splits.Train, splits.Validation, splits.Test })
        {
            part.GroupBy(product => product.Title).ShouldAllBe(pair => pair.Count() == 2);
        }

        var untitled = products.Select(product => product with { Title = " ", Text = "the same" }).ToArray();
        Splitter.Split(untitled, new SplitOptions(), new Quarantine()).Train.Count.ShouldBe(40);
    }

    [Fact]
    public void Fractions_are_met_and_the_seed_decides()
    {
        var products = Enumerable.Range(1, 1000).Select(row => Item(row, $"title {row}")).ToArray();
        var first = Splitter.Split(products, new SplitOptions { Seed = 1 }, new Quarantine());
        first.Train.Count.ShouldBeInRange(799, 801);
        first.Validation.Count.ShouldBeInRange(99, 101);
        first.Test.Count.ShouldBeInRange(99, 101);
        Splitter.Split(products, new SplitOptions { Seed = 1 }, new Quarantine()).Test.ShouldBe(first.Test);
        Splitter.Split(products, new SplitOptions { Seed = 2 }, new Quarantine()).Test.ShouldNotBe(first.Test);
        first.Notes.ShouldNotBeEmpty();
    }

    [Fact]
    public void Small_tables_still_get_every_part()
    {
        var splits = Splitter.Split([Item(1, "a"), Item(2, "b"), Item(3, "c")], new SplitOptions(), new Quarantine());
        (splits.Train.Count, splits.Validation.Count, splits.Test.Count).ShouldBe((1, 1, 1));
        Splitter.Split([Item(1, "a"), Item(2, "a")], new SplitOptions(), new Quarantine()).Train.Count.ShouldBe(2);
    }

    [Fact]
    public void A_column_decides_with_the_usual_synonyms_and_unknown_values_are_set_aside()
    {
        string?[] values = ["train", "Training", "VAL", "dev", "valid", "validation", "test", "holdout", null];
        var quarantine = new Quarantine();
        var products = values.Select((value, i) => Item(i + 1, $"t{i}") with { Split = value }).ToArray();
        var splits = Splitter.Split(products, new SplitOptions { ByColumn = true }, quarantine);
        (splits.Train.Count, splits.Validation.Count, splits.Test.Count).ShouldBe((2, 4, 1));
        (quarantine.Counts[QuarantineReason.UnknownSplit], quarantine.Counts[QuarantineReason.EmptySplit]).ShouldBe((1, 1));
        splits
            .Notes.ShouldHaveSingleItem()
            .ShouldBe("2 of 9 rows are left out because the split column says neither train, val nor test: holdout 1, (empty) 1.");
        quarantine.Losses.Rows.Lost.ShouldBe(1, "an empty cell is no loss, a value that nobody knows is");
        Splitter.CanonicalName(" Dev ").ShouldBe("val");
        Splitter.CanonicalName("x").ShouldBeNull();
    }

    [Fact]
    public void Validation_is_carved_out_of_training_with_a_note_and_leaks_are_told()
    {
        var products = Enumerable
            .Range(1, 100)
            .Select(row => Item(row, $"title {row / 2}") with { Split = row <= 80 ? "train" : "test" })
            .ToArray();
        var splits = Splitter.Split(products, new SplitOptions { ByColumn = true }, new Quarantine());
        splits.Validation.Count.ShouldBeInRange(7, 9);
        (splits.Train.Count + splits.Validation.Count).ShouldBe(80);
        splits.Train.Select(product => product.Text).Intersect(splits.Validation.Select(product => product.Text)).ShouldBeEmpty();
        splits.Notes[0].ShouldContain("set aside for validation");

        var leaky = new[]
        {
            Item(1, "same") with
            {
                Split = "train",
            },
            Item(2, "other") with
            {
                Split = "val",
            },
            Item(3, "Same.") with
            {
                Split = "test",
            },
        };
        Splitter
            .Split(leaky, new SplitOptions { ByColumn = true }, new Quarantine())
            .Notes.ShouldHaveSingleItem()
            .ShouldStartWith("1 of 2");
    }

    [Fact]
    public void Nothing_to_train_on_and_wrong_fractions_are_errors()
    {
        Should.Throw<TableException>(() => Splitter.Split([], new SplitOptions(), new Quarantine()));
        Should
            .Throw<TableException>(() =>
                Splitter.Split([Item(1, "a") with { Split = "test" }], new SplitOptions { ByColumn = true }, new Quarantine())
            )
            .Message.ShouldContain("'train'");
        Should
            .Throw<TableException>(() => Splitter.Split([Item(1, "a")], new SplitOptions { Train = 0.5 }, new Quarantine()))
            .Message.ShouldContain("sum");
        Should.Throw<TableException>(() => Splitter.Split([Item(1, "a")], new SplitOptions { Test = double.NaN }, new Quarantine()));
    }

    private static Product Item(int row, string text) => new(row, $"{row}", [], text, []);

    private static HashSet<string> Keys(IReadOnlyList<Product> products) =>
        [
            .. products.Select(product => "t:" + ProductGroups.Normalize(product.Text)),
            .. products.SelectMany(product => product.Images).Select(path => "i:" + File.ReadAllText(path)),
            .. products.Where(product => product.Group is not null).Select(product => "g:" + product.Group),
        ];
}
