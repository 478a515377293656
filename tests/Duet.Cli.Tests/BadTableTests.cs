// Tables that cannot be trained on, and rows that are set aside while the rest trains.
namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class BadTableTests(TrainedRun trained)
{
    [Fact]
    public void An_empty_table_and_a_single_class_are_told()
    {
        Write("empty.csv", "id,title,kind");
        Train("empty.csv", "never").ShouldEndWith(1).Error.ShouldContain("no rows that can be read");
        Write("same.csv", "id,title,kind", [.. Enumerable.Range(0, 30).Select(i => $"{i},thing number {i},shoe")]);
        Train("same.csv", "never").ShouldEndWith(1).Error.ShouldContain("only one class");
        Directory.Exists(Path.Combine(trained.Folder, "never")).ShouldBeFalse();
    }

    [Fact]
    public void Broken_pictures_are_set_aside_and_the_rest_trains()
    {
        File.WriteAllBytes(Path.Combine(trained.Catalogue, "zero.jpg"), []);
        File.WriteAllText(Path.Combine(trained.Catalogue, "text.jpg"), "no picture");
        string[] rows = [.. Enumerable.Range(1, 40).Select(i => $"{i},thing number {i},{(i % 2 == 0 ? "shoe" : "bag")},images/{i:D6}.jpg")];
        rows[3] = "4,,shoe,zero.jpg";
        rows[4] = "5,still a title,bag,text.jpg";
        rows[5] = "6,,shoe,../../../etc/hostname";
        Write("mixed.csv", "id,title,kind,image", rows);
        Train("mixed.csv", "mixed", "--image", "image").ShouldEndWith(1).Error.ShouldContain("pictures missing");
        Train("mixed.csv", "mixed", "--image", "image", "--max-lost", ".15").ShouldEndWith(0);
        var quarantine = File.ReadAllText(Path.Combine(trained.Folder, "mixed", "quarantine.csv"));
        quarantine.ShouldContain("image_path_refused");
        quarantine.ShouldContain("zero.jpg");
        quarantine.ShouldContain("text.jpg");
    }

    private CliResult Train(string table, string run, params string[] more) =>
        trained.Run([
            "train",
            "--data",
            Path.Combine("catalogue", table),
            "--text",
            "title",
            "--task",
            "kind",
            "--preset",
            "tiny",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--output",
            run,
            .. more,
        ]);

    private void Write(string table, string header, params string[] rows) =>
        File.WriteAllLines(Path.Combine(trained.Catalogue, table), [header, .. rows]);
}
