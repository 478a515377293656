// Labels as people write them, through the whole command line: spelled in two ways, unknown, or no labels at all.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class LabelTests(TrainedRun trained)
{
    [Fact]
    public void Labels_match_in_other_spellings_and_unknown_ones_are_named()
    {
        Write("spelled.csv", "title,size,sale", Rows(i => $"{1 + (i % 3)},{(i % 2 == 0 ? "TRUE" : "false")}"));
        Train("spelled.csv", "run-spelled", "--task", "size", "--task", "sale").ShouldEndWith(0);
        File.ReadAllText(Path.Combine(trained.Folder, "run-spelled", "labels.json")).ShouldContain("\"true\"");

        Write("respelled.csv", "title,size,sale", Rows(i => $"{1 + (i % 3)}.0,{(i % 2 == 0 ? "true" : "Maybe")}"));
        var told = trained.Run("evaluate", "run-spelled", "--data", Table("respelled.csv"), "--json").ShouldEndWith(0);
        using var report = JsonDocument.Parse(told.Output);
        var tasks = report.RootElement.GetProperty("tasks");
        (tasks.GetProperty("size").GetProperty("n").GetInt32(), tasks.GetProperty("sale").GetProperty("n").GetInt32()).ShouldBe((40, 20));
        told.Error.ShouldContain(
            "20 labels of the task sale are not among the classes that it was trained on and count in no figure: 'Maybe' 20 x"
        );

        Write("strange.csv", "title,size,sale", Rows(_ => "01,"));
        var failed = trained.Run("evaluate", "run-spelled", "--data", Table("strange.csv")).ShouldEndWith(1);
        failed.Error.ShouldContain("nothing to measure");
        failed.Error.ShouldContain("'01' 40 x (the run knows '1')");
    }

    [Fact]
    public void The_mean_accuracy_says_over_how_many_tasks_it_is()
    {
        var lines = File.ReadAllLines(Path.Combine(trained.Folder, TrainedRun.Table));
        var color = Array.IndexOf(lines[0].Split(','), "color");
        File.WriteAllLines(
            Path.Combine(trained.Catalogue, "colorless.csv"),
            lines.Select(
                (line, i) =>
                    i == 0 ? line : string.Join(',', line.Split(',').Select((cell, column) => column == color ? string.Empty : cell))
            )
        );
        trained
            .Run("evaluate", "run", "--data", Table("colorless.csv"))
            .ShouldEndWith(0)
            .Output.ShouldContain("160 products of the whole table, mean accuracy over 1 of 2 tasks 0.");
        trained.Run("evaluate", "run", "--data", TrainedRun.Table).ShouldEndWith(0).Output.ShouldContain("mean accuracy 0.");
    }

    [Fact]
    public void What_is_no_label_is_refused_by_name_unless_it_is_meant()
    {
        Write(
            "prices.csv",
            "title,price,tags,a,a_probability",
            Rows(i => $"{i}.99,\"['{(i % 2 == 0 ? "blue" : "red")}', 'ring']\",{i % 2},{i % 2}")
        );
        Train("prices.csv", "never", "--task", "price").ShouldEndWith(2).Error.ShouldContain("'price' looks like prices");
        Train("prices.csv", "never", "--task", "title").ShouldEndWith(2).Error.ShouldContain("titles or descriptions");
        Train("prices.csv", "never", "--task", "tags").ShouldEndWith(2).Error.ShouldContain("Give --multi-label-task tags instead");
        Train("prices.csv", "never", "--task", "a", "--task", "a_probability")
            .ShouldEndWith(2)
            .Error.ShouldContain("two columns 'a_probability'");
        Directory.Exists(Path.Combine(trained.Folder, "never")).ShouldBeFalse();

        var meant = Train("prices.csv", "run-prices", "--task", "price", "--allow-many-classes").ShouldEndWith(0);
        meant.Output.ShouldContain("no label of the 4 validation rows is a class of the training rows");
        meant.Error.ShouldContain("4 labels of the task price are not among the classes");
        Train("prices.csv", "run-tags", "--multi-label-task", "tags").ShouldEndWith(0);
        var labels = File.ReadAllText(Path.Combine(trained.Folder, "run-tags", "labels.json"));
        labels.ShouldContain("\"ring\"");
        labels.ShouldNotContain("[\\u0027");
    }

    [Fact]
    public void Data_check_lists_spellings_and_columns_that_are_no_labels()
    {
        Write("checked-labels.csv", "title,color,price", Rows(i => $"{(i % 4 == 0 ? "RED" : "red")},{i}.99"));
        var told = trained
            .Run("data", "check", "--data", Table("checked-labels.csv"), "--text", "title", "--task", "color", "--task", "price")
            .ShouldEndWith(0);
        told.Output.ShouldContain("color has labels that differ only in case, accents, blanks or number format: red 30, RED 10.");
        told.Output.ShouldContain("label_spelling");
        told.Output.ShouldContain("looks like prices");
    }

    private static string Table(string name) => Path.Combine("catalogue", name);

    private static IEnumerable<string> Rows(Func<int, string> cells) =>
        Enumerable.Range(0, 40).Select(i => $"a plain thing number n{i},{cells(i)}");

    private CliResult Train(string table, string run, params string[] tasks) =>
        trained.Run([
            "train",
            "--data",
            Table(table),
            "--text",
            "title",
            "--preset",
            "tiny",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--no-report",
            "--output",
            run,
            .. tasks,
        ]);

    private void Write(string table, string header, IEnumerable<string> rows) =>
        File.WriteAllLines(Path.Combine(trained.Catalogue, table), [header, .. rows]);
}
