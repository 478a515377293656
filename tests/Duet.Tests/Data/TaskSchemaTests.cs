// Task schemas: inference, encoding, saving, and the errors for tasks that cannot be learnt.
using Duet.Data;

namespace Duet.Tests.Data;

public sealed class TaskSchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_are_sorted_ordinally_and_missing_labels_ignored()
    {
        var schema = TaskSchema.Infer(
            [TaskColumn.Single("color"), TaskColumn.Multi("tags")],
            [Item("red", "b|a"), Item(null, null), Item("Blue", " c | a|")]
        );
        schema.Tasks[0].Classes.ShouldBe(["Blue", "red"]);
        schema.Tasks[1].Classes.ShouldBe(["a", "b", "c"]);
        schema.Encode(0, "red").ShouldBe(1);
        schema.Encode(0, null).ShouldBe(TaskSchema.Missing);
        schema.EncodeMany(1, "c|a").ShouldBe([0, 2]);
        schema.EncodeMany(1, null).ShouldBeNull();
        schema.IndexOf("tags").ShouldBe(1);
        schema.IndexOf("none").ShouldBe(-1);
    }

    [Fact]
    public void Unseen_labels_are_counted_per_task_and_masked()
    {
        var schema = TaskSchema.Infer([TaskColumn.Single("color"), TaskColumn.Multi("tags")], [Item("red", "b|a"), Item("blue", "a")]);
        var unseen = new UnseenLabels();
        schema.Encode(0, "green", unseen).ShouldBe(TaskSchema.Missing);
        schema.Encode(0, "green", unseen).ShouldBe(TaskSchema.Missing);
        schema.EncodeMany(1, "a|new", unseen).ShouldBe([0]);
        schema.EncodeMany(1, "new", unseen).ShouldBe([]);
        unseen.Total.ShouldBe(4);
        unseen.ByTask["color"].ShouldBe(2);
        unseen.Values("color")["green"].ShouldBe(2);
        unseen.Values("none").ShouldBeEmpty();
    }

    [Fact]
    public void A_task_with_one_class_or_none_is_refused_by_name()
    {
        var one = Should.Throw<TableException>(() =>
            TaskSchema.Infer([TaskColumn.Single("color")], [Item("red", null), Item("red", null)])
        );
        one.Message.ShouldContain("'color'");
        one.Message.ShouldContain("'red'");
        Should
            .Throw<TableException>(() => TaskSchema.Infer([TaskColumn.Single("color")], [Item(null, null)]))
            .Message.ShouldContain("no labels");
        Should.Throw<TableException>(() => new TaskSchema([])).Message.ShouldContain("no task");
    }

    [Fact]
    public void A_saved_schema_loads_equal()
    {
        var schema = TaskSchema.Infer(
            [TaskColumn.Single("color"), TaskColumn.Multi("tags", ";")],
            [Item("röd", "b;a\"x"), Item("blå", "漢")]
        );
        schema.Save(_folder["labels.json"]);
        var loaded = TaskSchema.Load(_folder["labels.json"]);
        loaded.Tasks.Count.ShouldBe(2);
        for (var i = 0; i < 2; i++)
        {
            loaded.Tasks[i].Classes.ShouldBe(schema.Tasks[i].Classes);
            loaded.Tasks[i].ToColumn().ShouldBe(schema.Tasks[i].ToColumn());
        }

        File.ReadAllText(_folder["labels.json"]).ShouldContain("\"kind\": \"multi_label\"");
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("null", "damaged")]
    [InlineData("{\"version\":1}", "damaged")]
    [InlineData("{\"version\":1,\"tasks\":[null]}", "damaged")]
    [InlineData("{\"version\":1,\"tasks\":[{\"name\":\"a\",\"column\":\"a\",\"kind\":\"single_label\",\"separator\":\"|\"}]}", "damaged")]
    [InlineData("{\"version\":2,\"tasks\":[]}", "version 2")]
    [InlineData("{\"version\":1,\"tasks\":[]}", "no task")]
    [InlineData(
        "{\"version\":1,\"tasks\":[{\"name\":\"a\",\"column\":\"a\",\"kind\":\"other\",\"classes\":[\"x\",\"y\"],\"separator\":\"|\"}]}",
        "cannot be read"
    )]
    [InlineData(
        "{\"version\":1,\"tasks\":[{\"name\":\"a\",\"column\":\"a\",\"kind\":\"single_label\",\"classes\":[\"x\",\"x\"],\"separator\":\"|\"}]}",
        "twice"
    )]
    public void A_damaged_file_is_refused(string content, string expected)
    {
        _folder.Write("labels.json", content);
        Should.Throw<TableException>(() => TaskSchema.Load(_folder["labels.json"])).Message.ShouldContain(expected);
    }

    private static Product Item(string? color, string? tags) => new(1, "1", [], "text", [color, tags]);
}
