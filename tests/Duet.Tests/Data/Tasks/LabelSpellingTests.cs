// One spelling per label, in training and wherever labels are read again.
using Duet.Data;

namespace Duet.Tests.Data.Tasks;

public sealed class LabelSpellingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData(" 1.00\u00A0", "1")]
    [InlineData("2.50", "2.5")]
    [InlineData(".5", "0.5")]
    [InlineData("7.", "7")]
    [InlineData("-0.0", "0")]
    [InlineData("-3.10", "-3.1")]
    [InlineData("123456789012345678901234567890.0", "123456789012345678901234567890")]
    [InlineData("TRUE", "true")]
    [InlineData("False", "false")]
    [InlineData("Cafe\u0301", "Caf\u00E9")]
    [InlineData("01", "01")]
    [InlineData("01.0", "01.0")]
    [InlineData("+1", "+1")]
    [InlineData("1e3", "1e3")]
    [InlineData("1.2.0", "1.2.0")]
    [InlineData("1,0", "1,0")]
    [InlineData("-", "-")]
    [InlineData(".", ".")]
    [InlineData("Red", "Red")]
    public void Numbers_truth_values_and_texts_have_one_spelling(string label, string expected)
    {
        LabelSpelling.Canonical(label).ShouldBe(expected);
        LabelSpelling.Canonical(expected).ShouldBe(expected);
    }

    [Fact]
    public void Classes_are_learned_and_found_again_in_any_spelling()
    {
        var schema = TaskSchema.Infer(
            [TaskColumn.Single("size"), TaskColumn.Multi("sizes")],
            [Item("1.0", "1|2.0"), Item("1", "TRUE"), Item("02", "true|2")]
        );
        schema.Tasks[0].Classes.ShouldBe(["02", "1"]);
        schema.Tasks[1].Classes.ShouldBe(["1", "2", "true"]);
        schema.Encode(0, "1.00").ShouldBe(1);
        schema.EncodeMany(1, "2.00|True").ShouldBe([1, 2]);
        schema.Encode(0, "2").ShouldBe(TaskSchema.Missing);
    }

    [Fact]
    public void Classes_of_earlier_runs_still_match_as_they_are_written()
    {
        var schema = new TaskSchema([
            new TaskDefinition("both", "both", TaskKind.SingleLabel, ["1", "1.0", "TRUE", "true"]),
            new TaskDefinition("floats", "floats", TaskKind.SingleLabel, ["1.0", "2.0", "blue ring"]),
            new TaskDefinition("lists", "lists", TaskKind.MultiLabel, ["['a', 'b']", "c"]),
        ]);
        schema.Save(_folder["labels.json"]);
        schema = TaskSchema.Load(_folder["labels.json"]);
        schema.Encode(0, "1").ShouldBe(0);
        schema.Encode(0, "1.0").ShouldBe(1);
        schema.Encode(0, "TRUE").ShouldBe(2);
        schema.Encode(0, "True").ShouldBe(3);
        schema.Encode(1, "1").ShouldBe(0);
        schema.Encode(1, "2.0").ShouldBe(1);
        schema.Encode(1, """["blue","ring"]""").ShouldBe(2);
        schema.EncodeMany(2, "['a', 'b']").ShouldBe([0]);
        schema.EncodeMany(2, "['c']").ShouldBe([1]);
    }

    [Fact]
    public void Features_are_found_again_in_any_spelling()
    {
        Product Row(string value) => new(1, "1", [], "text", []) { Features = [value] };
        var schema = FeatureSchema.Learn(["size"], [Row("1.0"), Row("1"), Row("True")]);
        schema.Features[0].Values.ShouldBe(["unknown", "1", "true"]);
        schema.Encode(["1.00"]).ShouldBe([1]);
        new FeatureSchema([new FeatureDefinition("size", ["unknown", "1.0"])]).Encode(["1"]).ShouldBe([1]);
    }

    [Fact]
    public void Unseen_labels_are_named_with_the_class_they_are_near()
    {
        var task = new TaskDefinition("color", "color", TaskKind.SingleLabel, ["red", "blue", "café", "1", "light green"]);
        var schema = new TaskSchema([task]);
        var unseen = new UnseenLabels();
        foreach (var label in (string[])["RED", "RED", "blu", "cafe", "01", "7", "lightgreen", "violet"])
        {
            schema.Encode(0, label, unseen);
        }

        UnseenLabel
            .Commonest(task, unseen)
            .ShouldBe([
                new UnseenLabel("RED", 2, "red"),
                new UnseenLabel("01", 1, "1"),
                new UnseenLabel("7", 1, null),
                new UnseenLabel("blu", 1, "blue"),
                new UnseenLabel("cafe", 1, "café"),
                new UnseenLabel("lightgreen", 1, "light green"),
                new UnseenLabel("violet", 1, null),
            ]);
        var sentence = UnseenLabel.Sentence(task, unseen)!;
        sentence.ShouldStartWith("8 labels of the task color are not among the classes");
        sentence.ShouldContain("'RED' 2 x (the run knows 'red')");
        UnseenLabel.Sentence(task, new UnseenLabels()).ShouldBeNull();
        for (var i = 0; i < 20; i++)
        {
            unseen.Add("color", $"other {i}");
        }

        UnseenLabel.Commonest(task, unseen).Count.ShouldBe(10);
        UnseenLabel.Sentence(task, unseen)!.ShouldEndWith(", ....");
    }

    [Theory]
    [InlineData("['blue', 'ring']", "blue+ring")]
    [InlineData("""["blue", "ri|ng"]""", "blue+ri|ng")]
    [InlineData("""['it\'s', "\u00e9"]""", "it's+é")]
    [InlineData("['blue' 'ring']", "blue+ring")]
    [InlineData("('blue', 'ring')", "blue+ring")]
    [InlineData("{'blue'}", "blue")]
    [InlineData("['blue', None, 'ring',]", "blue+ring")]
    [InlineData("[blue, deep red]", "blue+deep red")]
    [InlineData("[3, 1]", "3+1")]
    [InlineData("[3. 1.]", "3.+1.")]
    [InlineData("blue|ring", "blue+ring")]
    [InlineData("(new)", "(new)")]
    [InlineData("['blue'", "['blue'")]
    [InlineData("['blue']x]", "['blue']x]")]
    [InlineData("[a]|[b]", "[a]+[b]")]
    [InlineData("[0, 0, 1]", "2")]
    [InlineData("[1.0, 0.0, 1.0]", "0+2")]
    [InlineData("0|1|1", "1+2")]
    [InlineData("[0, 1]", "0+1")]
    [InlineData("[0, 0, 0]", "")]
    public void A_cell_with_several_labels_may_be_a_list_as_python_or_json_write_it(string cell, string expected) =>
        LabelCell.Read(TaskKind.MultiLabel, "|", cell).ShouldBe(expected.Length == 0 ? [] : expected.Split('+'));

    [Fact]
    public void An_empty_list_states_nothing_and_a_label_of_its_own_is_left_whole()
    {
        LabelCell.Read(TaskKind.MultiLabel, "|", "[]").ShouldBeNull();
        LabelCell.Read(TaskKind.MultiLabel, "|", "[None]").ShouldBeNull();
        LabelCell.Read(TaskKind.MultiLabel, "|", null).ShouldBeNull();
        LabelCell.Read(TaskKind.SingleLabel, "|", "['a']").ShouldBe(["['a']"]);
        var schema = TaskSchema.Infer(
            [TaskColumn.Single("x"), TaskColumn.Multi("hot")],
            [Item("a", "[1,0,1]"), Item("b", "[0,0,0]"), Item("b", "[0,1,0]")]
        );
        schema.Tasks[1].Classes.ShouldBe(["0", "1", "2"]);
        schema.EncodeMany(1, "[0,0,0]").ShouldBe([]);
    }

    private static Product Item(string? one, string? many) => new(1, "1", [], "text", [one, many]);
}
