// Columns that are no labels are recognised before anything is trained on them.
using System.Globalization;
using Duet.Data;

namespace Duet.Tests.Data.Tasks;

public sealed class LabelColumnsTests
{
    private static readonly string[] Words = ["warm", "red", "wool", "coat", "hat", "soft", "blue"];

    [Theory]
    [InlineData("price", "prices or measurements")]
    [InlineData("euros", "prices or measurements")]
    [InlineData("number", "prices, counts or numeric ids")]
    [InlineData("title", "titles or descriptions")]
    [InlineData("id", "ids or codes")]
    [InlineData("date", "dates")]
    [InlineData("file", "addresses or file names")]
    [InlineData("name", "names that hardly repeat")]
    public void What_hardly_repeats_is_refused_with_what_it_looks_like(string column, string nature)
    {
        var found = Look(TaskColumn.Single(column), Enumerable.Range(0, 40).Select(i => Cell(column, i)));
        found!.IsRefused.ShouldBeTrue();
        found.Text.ShouldContain($"The task '{column}' would have 40 classes for 40 labels");
        found.Text.ShouldContain(nature);
        found.Text.ShouldContain("--allow-many-classes");
        found.Text.ShouldContain(Cell(column, 0));
    }

    [Fact]
    public void Prices_are_refused_though_they_repeat_and_sizes_are_not()
    {
        Look(TaskColumn.Single("price"), Enumerable.Range(0, 1000).Select(i => $"{i % 12}.99"))!.IsRefused.ShouldBeTrue();
        Look(TaskColumn.Single("size"), Enumerable.Range(0, 1000).Select(i => (36 + (i % 24 / 2.0)).ToString(CultureInfo.InvariantCulture)))
            .ShouldBeNull();
        Look(TaskColumn.Single("year"), Enumerable.Range(0, 100).Select(i => $"{2000 + (i % 25)}.0")).ShouldBeNull();
        Look(TaskColumn.Single("brand"), Enumerable.Range(0, 100).Select(i => $"brand {i / 2}")).ShouldBeNull();
        Look(TaskColumn.Single("few"), Enumerable.Range(0, 9).Select(i => $"{i}.5")).ShouldBeNull();
        Look(TaskColumn.Multi("tags"), Enumerable.Range(0, 40).Select(i => Cell("title", i)))!.IsRefused.ShouldBeTrue();
    }

    [Theory]
    [InlineData("['{0}','{1}']", "")]
    [InlineData("[\"{0}\", \"{1}\"]", "")]
    [InlineData("[0,0,1]", "")]
    [InlineData("{0}|{1}", "|")]
    [InlineData("{0}, {1}", ",")]
    [InlineData("{0} {1}", " ")]
    public void Lists_are_suggested_as_a_multi_label_task(string format, string separator)
    {
        string[] colors = ["blue", "red", "green", "pink"];
        string[] shapes = ["ring", "hat", "bag"];
        var found = Look(
            TaskColumn.Single("tags"),
            Enumerable.Range(0, 60).Select(i => string.Format(CultureInfo.InvariantCulture, format, colors[i % 4], shapes[i % 3]))
        )!;
        found.IsRefused.ShouldBe(separator.Length == 0);
        found.Text.ShouldContain("--multi-label-task tags");
        found.Text.Contains("--label-separator", StringComparison.Ordinal).ShouldBe(separator.Length > 0);
        if (separator.Length > 0)
        {
            found.Text.ShouldContain($"--label-separator '{separator}'");
        }
    }

    [Fact]
    public void Switches_and_what_a_multi_label_task_is_separated_by_are_told()
    {
        Look(TaskColumn.Single("tags"), Enumerable.Range(0, 40).Select(i => $"[{i % 2}, 0, 1]"))!
            .Text.ShouldContain("each place that holds a 1, counted from 0");
        Look(TaskColumn.Single("tags"), Enumerable.Range(0, 40).Select(i => $"['a', 'b{i % 2}']"))!
            .Text.ShouldContain("a class of each item");
        string[] colors = ["blue", "red", "green", "pink"];
        var found = Look(
            TaskColumn.Multi("tags"),
            Enumerable.Range(0, 60).Select(i => $"{colors[i % 4]}, {colors[(i + 1 + (i % 3)) % 4]}")
        )!;
        found.IsRefused.ShouldBeFalse();
        found.Text.ShouldContain("If they are, --label-separator ','");
        Look(TaskColumn.Multi("tags"), Enumerable.Range(0, 60).Select(i => $"{colors[i % 4]}|{colors[(i + 1 + (i % 3)) % 4]}"))
            .ShouldBeNull();
    }

    [Fact]
    public void Names_of_several_words_are_no_lists()
    {
        string[] names = ["Casual Shoes", "Formal Shoes", "Flip Flops", "Evening Dress", "Rain Coat", "Sports Bag"];
        Look(TaskColumn.Single("category"), Enumerable.Range(0, 60).Select(i => names[i % 6])).ShouldBeNull();
    }

    [Fact]
    public void Spellings_that_count_as_one_class_are_told()
    {
        var products = new[] { "1", "1.0", "2", "TRUE", "true" }
            .Select((label, i) => new Product(i + 1, $"{i}", [], "text", [label]))
            .ToArray();
        LabelColumns
            .Merged([TaskColumn.Single("size")], products)
            .ShouldHaveSingleItem()
            .ShouldContain("1 = 1.0 (class 1); TRUE = true (class true)");
        LabelColumns.Merged([TaskColumn.Single("size")], [products[1], products[2]]).ShouldBeEmpty();
    }

    private static string Cell(string column, int i) =>
        column switch
        {
            "price" => $"{i}.99",
            "euros" => $"{i},{i % 10}9 €",
            "number" => $"{1000 + (i * 7)}",
            "title" => $"{Words[i % 7]} {Words[(i + 3) % 7]} number n{i}",
            "id" => $"P-{i:D4}",
            "date" => $"2026-{1 + (i % 12):D2}-{1 + (i % 28):D2}T10:{i:D2}",
            "file" => $"images/{i}.jpg",
            _ => $"Maker {i}",
        };

    private static LabelColumnFinding? Look(TaskColumn task, IEnumerable<string> cells) =>
        LabelColumns.Look([task], [.. cells.Select((cell, i) => new Product(i + 1, $"{i}", [], "text", [cell]))]).SingleOrDefault();
}
