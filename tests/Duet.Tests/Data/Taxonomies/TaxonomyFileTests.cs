// Taxonomies as they come: with and without ids, in any order, and broken.
using Duet.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Data.Taxonomies;

public sealed class TaxonomyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_with_ids_are_read()
    {
        var taxonomy = Load(
            "# Google_Product_Taxonomy_Version: 2021-09-21\n1 - Animals & Pet Supplies\n3237 - Animals & Pet Supplies > Live "
                + "Animals\n2 - Animals & Pet Supplies > Pet Supplies\n166 - Apparel & Accessories\n"
        );
        taxonomy.Title.ShouldBe("Google_Product_Taxonomy_Version: 2021-09-21");
        (taxonomy.Nodes.Count, taxonomy.Depth, taxonomy.Roots.Count(), taxonomy.Leaves.Count()).ShouldBe((4, 2, 2, 3));
        taxonomy.Problems.ShouldBeEmpty();
        taxonomy.Implied.ShouldBeEmpty();
        taxonomy.Find("3237")!.Path.ShouldBe("Animals & Pet Supplies > Live Animals");
        taxonomy.Find("Live Animals")!.Id.ShouldBe("3237");
        taxonomy.Find("Animals & Pet Supplies>Pet Supplies")!.Depth.ShouldBe(2);
        taxonomy.Find("Dead Animals").ShouldBeNull();
        taxonomy.Nearest("Live Animal").ShouldBe("Live Animals");
    }

    [Fact]
    public void Files_without_ids_may_be_in_any_order_and_language()
    {
        var taxonomy = Load(
            "\uFEFF# Version: 2021-09-21\r\nBekleidung & Accessoires > Schuhe\r\nBekleidung & Accessoires\r\n\r\n服饰 > 鞋\r\n24 - "
                + "Stunden > Uhr\r\n"
        );
        taxonomy.Depth.ShouldBe(2);
        taxonomy.Find("Schuhe")!.Path.ShouldBe("Bekleidung & Accessoires > Schuhe");
        taxonomy.Find("服饰 > 鞋")!.Name.ShouldBe("鞋");
        taxonomy.Implied.Select(node => node.Path).ShouldBe(["服饰", "24 - Stunden"]);
    }

    [Fact]
    public void Doubles_and_ambiguous_names_are_told()
    {
        var taxonomy = Load("1 - A > Shoes\n2 - B > Shoes\n3 - A > Shoes\n2 - C\n");
        taxonomy.Problems.Select(problem => problem.Line).ShouldBe([3, 4]);
        taxonomy.AmbiguousNames.ShouldBe(["Shoes"]);
        Should.Throw<TableException>(() => taxonomy.Find("Shoes")).Message.ShouldContain("A > Shoes; B > Shoes");
    }

    [Theory]
    [InlineData("", "no categories")]
    [InlineData("# only a comment\n", "no categories")]
    [InlineData("A > > C\n", "line 1")]
    [InlineData("A\nB >\n", "line 2")]
    [InlineData("1 - A\nB\n", "has no id")]
    public void Broken_files_are_named(string text, string problem)
    {
        var error = Should.Throw<TableException>(() => Load(text));
        error.Message.ShouldContain("t.txt");
        error.Message.ShouldContain(problem);
    }

    [Fact]
    public void Limits_hold()
    {
        Should.Throw<TableException>(() => Load(string.Join(" > ", Enumerable.Repeat("a", 33)))).Message.ShouldContain("1 to 32");
        Should.Throw<TableException>(() => Load(new string('a', 501))).Message.ShouldContain("500");
        File.WriteAllBytes(_folder["bytes.txt"], [0x41, 0xFF, 0xFE, 0x0A]);
        Should.Throw<TableException>(() => TaxonomyFile.Load(_folder["bytes.txt"])).Message.ShouldContain("UTF-8");
        Should.Throw<TableException>(() => TaxonomyFile.Load(_folder["none.txt"])).Message.ShouldContain("none.txt");
    }

    [Fact]
    public void No_bytes_crash_the_reader() =>
        Prop.ForAll(
                Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(),
                bytes =>
                {
                    File.WriteAllBytes(_folder["fuzz.txt"], bytes);
                    try
                    {
                        return TaxonomyFile.Load(_folder["fuzz.txt"]).Nodes.Count > 0;
                    }
                    catch (TableException e)
                    {
                        return e.Message.Contains("fuzz.txt", StringComparison.Ordinal);
                    }
                }
            )
            .CheckSeeded(200);

    [Fact]
    public void Tasks_get_the_paths_of_their_classes()
    {
        _folder.Write("t.txt", "Apparel > Shoes\nApparel > Shirts\nLuggage > Bags\n");
        var schema = new TaskSchema([
            new TaskDefinition("kind", "kind", TaskKind.SingleLabel, ["Bags", "Shoes"]),
            new TaskDefinition("tags", "tags", TaskKind.MultiLabel, ["a", "b"]),
        ]);
        var tied = TaskTaxonomies.Apply(schema, [$"kind={_folder["t.txt"]}"]);
        tied.Tasks[0].Paths.ShouldBe(["Luggage > Bags", "Apparel > Shoes"]);
        tied.Save(_folder["labels.json"]);
        var loaded = TaskSchema.Load(_folder["labels.json"]);
        loaded.Tasks[0].Paths.ShouldBe(tied.Tasks[0].Paths);
        loaded.Tasks[0].Tree!.Depth.ShouldBe(2);
        loaded.Tasks[1].Tree.ShouldBeNull();
        Should.Throw<TableException>(() => TaskTaxonomies.Apply(schema, [$"tags={_folder["t.txt"]}"])).Message.ShouldContain("multi-label");
        Should.Throw<TableException>(() => TaskTaxonomies.Apply(schema, ["sort"])).Message.ShouldContain("'sort'");
        _folder.Write("t.txt", "Apparel > Shoes\nLuggage > Bag\n");
        Should
            .Throw<TableException>(() => TaskTaxonomies.Apply(schema, [$"kind={_folder["t.txt"]}"]))
            .Message.ShouldContain("'Bags' (near 'Bag')");
    }

    [Fact]
    public void Labels_that_are_paths_need_no_file()
    {
        var paths = new TaskSchema([new TaskDefinition("kind", "kind", TaskKind.SingleLabel, ["A > B", "A > C"])]);
        TaskTaxonomies.Apply(paths, []).Tasks[0].Paths.ShouldBe(["A > B", "A > C"]);
        var mixed = new TaskSchema([new TaskDefinition("kind", "kind", TaskKind.SingleLabel, ["A", "A > C"])]);
        TaskTaxonomies.Apply(mixed, []).Tasks[0].Paths.ShouldBeNull();
        TaskTaxonomies.Apply(mixed, ["kind"]).Tasks[0].Tree!.Depth.ShouldBe(2);
    }

    private Taxonomy Load(string text)
    {
        _folder.Write("t.txt", text);
        return TaxonomyFile.Load(_folder["t.txt"]);
    }
}
