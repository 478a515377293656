// A drawn split gives training every class, tears no group apart, and says what the other parts lack.
using Duet.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data;

public sealed class ClassCoverageTests
{
    private static readonly TaskColumn[] Tasks = [TaskColumn.Single("kind"), TaskColumn.Multi("tags")];

    [Fact]
    public void Training_has_every_class_and_groups_stay_together()
    {
        var cases = Gen.Zip(Gen.NonEmptyListOf(Gen.Zip(Gen.Choose(0, 30), Gen.Choose(0, 20))), Gen.Choose(0, 1000)).ToArbitrary();
        Prop.ForAll(
                cases,
                drawn =>
                {
                    var products = drawn
                        .Item1.Select(
                            (one, row) => Item(row + 1, $"title {one.Item1}", $"k{one.Item2 % 8}", $"t{one.Item2 % 3}|t{one.Item2 % 5}")
                        )
                        .ToArray();
                    var options = new SplitOptions { Seed = (ulong)drawn.Item2, Tasks = Tasks };
                    var splits = Splitter.Split(products, options, new Quarantine());
                    var parts = new[] { splits.Train, splits.Validation, splits.Test };
                    parts.SelectMany(part => part).OrderBy(product => product.Row).ShouldBe(products);
                    products.SelectMany(Labels).Except(splits.Train.SelectMany(Labels)).ShouldBeEmpty();
                    parts.SelectMany(part => part.Select(product => product.Text).Distinct()).ShouldBeUnique();
                    Splitter.Split(products, options, new Quarantine()).Train.ShouldBe(splits.Train);
                }
            )
            .CheckSeeded();
    }

    [Fact]
    public void Where_training_has_every_class_anyway_nothing_changes()
    {
        var products = Enumerable.Range(1, 400).Select(row => Item(row, $"title {row}", $"k{row % 4}", null)).ToArray();
        var before = Splitter.Split(products, new SplitOptions { Seed = 3 }, new Quarantine());
        var after = Splitter.Split(products, new SplitOptions { Seed = 3, Tasks = Tasks }, new Quarantine());
        after.Test.ShouldBe(before.Test);
        after.Validation.ShouldBe(before.Validation);
        after.Notes.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_cannot_be_validated_or_tested_is_said()
    {
        var products = Enumerable
            .Range(0, 100)
            .Select(row => Item(row, $"title {row}", row < 20 ? $"rare {row:D2}" : $"k{row % 3}", null))
            .ToArray();
        var splits = Splitter.Split(products, new SplitOptions { Tasks = Tasks }, new Quarantine());
        splits.Train.Count(product => product.Labels[0]!.StartsWith("rare", StringComparison.Ordinal)).ShouldBe(20);
        splits.Notes.ShouldContain(note => note.Contains("because training had no other row of their class", StringComparison.Ordinal));
        var note = splits.Notes[^1];
        note.ShouldStartWith(
            "The task kind has 23 classes in training; 20 cannot be validated because they have too few rows (rare 00, rare 01,"
        );
        note.ShouldContain("20 cannot be tested");
        note.ShouldContain("rare 09, ...)");
    }

    [Fact]
    public void Validation_carved_out_of_a_split_column_leaves_training_every_class()
    {
        var products = Enumerable
            .Range(0, 60)
            .Select(row =>
                Item(row, $"title {row}", row < 10 ? $"rare {row}" : $"k{row % 3}", null) with
                {
                    Split = row < 50 ? "train" : "test",
                }
            )
            .ToArray();
        var splits = Splitter.Split(
            products,
            new SplitOptions
            {
                ByColumn = true,
                Tasks = Tasks,
                Seed = 2,
            },
            new Quarantine()
        );
        splits.Train.Count(product => product.Labels[0]!.StartsWith("rare", StringComparison.Ordinal)).ShouldBe(10);
        splits.Validation.ShouldNotBeEmpty();
        splits.Notes[^1].ShouldContain("cannot be validated because they have too few rows");
    }

    [Fact]
    public void A_task_of_one_class_per_row_takes_nothing_from_the_other_parts()
    {
        var products = Enumerable.Range(1, 40).Select(row => Item(row, $"title {row}", $"id {row}", null)).ToArray();
        var splits = Splitter.Split(products, new SplitOptions { Tasks = Tasks }, new Quarantine());
        (splits.Train.Count, splits.Validation.Count, splits.Test.Count).ShouldBe((32, 4, 4));
    }

    private static IEnumerable<string> Labels(Product product) => [product.Labels[0]!, .. (product.Labels[1] ?? string.Empty).Split('|')];

    private static Product Item(int row, string text, string kind, string? tags) => new(row, $"{row}", [], text, [kind, tags]);
}
