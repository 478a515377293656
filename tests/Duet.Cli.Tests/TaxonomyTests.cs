// Taxonomies, slices and comparisons through the command line.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class TaxonomyTests(TrainedRun trained)
{
    [Fact]
    public void A_taxonomy_is_shown_and_checked()
    {
        Write("google.txt", "# Google_Product_Taxonomy_Version: 2021-09-21\n1 - Apparel\n2 - Apparel > Shoes\n3 - Apparel > Shirts\n");
        trained.Run("taxonomy", "google.txt").ShouldEndWith(0).Output.ShouldContain("3 categories in 2 levels, 1 roots, 2 leaves");
        Write("labels.csv", "id,kind\n1,Shoes\n2,Shoe\n3,2\n4,Apparel > Shirts\n");
        var check = trained.Run("taxonomy", "google.txt", "--labels", "labels.csv", "--column", "kind").ShouldEndWith(1).Output;
        check.ShouldContain("3 labels (3 rows) are in the taxonomy, 1 (1 rows) are not");
        check.ShouldContain("near 'Shoes'");
        using var json = JsonDocument.Parse(
            trained.Run("taxonomy", "google.txt", "--labels", "labels.csv", "--column", "kind", "--json").ShouldEndWith(1).Output
        );
        json.RootElement.GetProperty("labels").GetProperty("missing")[0].GetProperty("label").GetString().ShouldBe("Shoe");
        Write("paths.csv", "id,path\n1,A > B\n2,A > C\n3,A > B\n");
        trained.Run("taxonomy", "paths.csv", "--column", "path").ShouldEndWith(0).Output.ShouldContain("3 categories in 2 levels");
        trained.Run("taxonomy", "paths.csv").ShouldEndWith(2).Error.ShouldContain("--column");
        trained.Run("taxonomy", "none.txt").ShouldEndWith(1).Error.ShouldContain("none.txt");
    }

    [Fact]
    public void A_taxonomy_travels_with_the_run()
    {
        using (var labels = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Folder, "run", "labels.json"))))
        {
            var classes = labels
                .RootElement.GetProperty("tasks")[0]
                .GetProperty("classes")
                .EnumerateArray()
                .Select(label => label.GetString())
                .ToList();
            Write("own.txt", string.Join('\n', classes.Select((label, i) => $"{(i % 2 == 0 ? "Even" : "Odd")} > {label}")));
        }

        trained.Train("tree", "--taxonomy", "category=own.txt").ShouldEndWith(0);
        trained.Run("calibrate", "tree", "--data", TrainedRun.Table, "--precision", "0.3", "--confidence", "0.6").ShouldEndWith(0);
        using (
            var scores = JsonDocument.Parse(trained.Run("evaluate", "tree", "--data", TrainedRun.Table, "--json").ShouldEndWith(0).Output)
        )
        {
            var figures = scores.RootElement.GetProperty("hierarchy").GetProperty("category");
            figures.GetProperty("level_accuracy").GetArrayLength().ShouldBe(2);
            figures
                .GetProperty("f1")
                .GetDouble()
                .ShouldBeGreaterThanOrEqualTo(
                    scores.RootElement.GetProperty("tasks").GetProperty("category").GetProperty("accuracy").GetDouble()
                );
            figures.GetProperty("backoff").GetProperty("target").GetDouble().ShouldBe(0.3);
        }

        using (var answer = JsonDocument.Parse(trained.Run("predict", "tree", "--text", "a red shoe", "--json").ShouldEndWith(0).Output))
        {
            var category = answer.RootElement.GetProperty("tasks").GetProperty("category");
            category.GetProperty("path").GetString()!.ShouldEndWith(" > " + category.GetProperty("label").GetString());
        }

        trained.Run("predict", "tree", "--data", TrainedRun.Table, "--output", "tree.csv").ShouldEndWith(0);
        File.ReadLines(Path.Combine(trained.Folder, "tree.csv"))
            .First()
            .ShouldContain("category_path,category_ancestor,category_ancestor_probability,category_decision");
        Write("short.txt", "Even > nothing\n");
        trained.Train("fails", "--taxonomy", "category=short.txt").Code.ShouldBeOneOf(1, 2);
    }

    [Fact]
    public void An_evaluation_is_sliced_and_compared()
    {
        using var scores = JsonDocument.Parse(
            trained
                .Run("evaluate", "run", "--data", TrainedRun.Table, "--slice", "split", "--slice", "@inputs", "--against", "run", "--json")
                .ShouldEndWith(0)
                .Output
        );
        var slices = scores.RootElement.GetProperty("slices");
        slices
            .GetProperty("split")
            .GetProperty("rows")
            .EnumerateObject()
            .Select(slice => slice.Name)
            .Order()
            .ShouldBe(["test", "train", "val"]);
        slices.GetProperty("@inputs").GetProperty("rows").EnumerateObject().Sum(slice => slice.Value.GetInt32()).ShouldBe(160);
        var against = scores.RootElement.GetProperty("against").GetProperty("tasks").GetProperty("category");
        against.GetProperty("mc_nemar").GetProperty("p_value").GetDouble().ShouldBe(1);
        against.GetProperty("recall_at_baseline_precision").GetDouble().ShouldBe(against.GetProperty("baseline_recall").GetDouble(), 1e-9);
        var told = trained
            .Run("evaluate", "run", "--data", TrainedRun.Table, "--split", "test", "--slice", "split", "--against", "run")
            .ShouldEndWith(0)
            .Output;
        told.ShouldContain("accuracy by split");
        told.ShouldContain("against run");
        trained.Run("evaluate", "run", "--data", TrainedRun.Table, "--slice", "language").ShouldEndWith(2).Error.ShouldContain("language");
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(trained.Folder, name), text);
}
