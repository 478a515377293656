// Explain and robustness, as users and their scripts call them.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class ExplainTests(TrainedRun trained)
{
    private static readonly string Picture = Path.Combine("catalogue", "images", "000001.jpg");

    [Fact]
    public void Explain_writes_overlays_and_tables()
    {
        var result = trained
            .Run("explain", "run", "--image", Picture, "--text", "red leather shoe", "--output", "explained", "--threads", "1")
            .ShouldEndWith(0);
        result.Output.ShouldContain("leather");
        result.Output.ShouldContain("faithfulness");
        foreach (
            var file in (string[])
                ["picture.png", "category-occlusion.png", "color-rollout.png", "words-attention-01.png", "explanation.json"]
        )
        {
            File.Exists(Path.Combine(trained.Folder, "explained", file)).ShouldBeTrue(file);
        }

        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Folder, "explained", "explanation.json")));
        json.RootElement.GetProperty("tasks").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void Explain_answers_one_method_and_task_as_json()
    {
        var result = trained
            .Run("explain", "run", "--text", "red leather shoe", "--task", "color", "--method", "occlusion", "--output", "words", "--json")
            .ShouldEndWith(0);
        using var json = JsonDocument.Parse(result.Output);
        var task = json.RootElement.GetProperty("tasks")[0];
        task.GetProperty("task").GetString().ShouldBe("color");
        task.GetProperty("attributions").GetArrayLength().ShouldBe(1);
        task.GetProperty("attributions")[0].GetProperty("words").GetArrayLength().ShouldBe(3);
        task.GetProperty("most_faithful").GetString().ShouldBe("occlusion");
    }

    [Fact]
    public void Explain_refuses_what_is_not_there()
    {
        trained.Run("explain", "run", "--text", "shoe", "--task", "size", "--output", "x").ShouldEndWith(2).Error.ShouldContain("color");
        trained
            .Run("explain", "run", "--text", "shoe", "--method", "magic", "--output", "x")
            .ShouldEndWith(2)
            .Error.ShouldContain("rollout");
        trained.Run("explain", "run", "--text", "shoe", "--layer", "9", "--output", "x").ShouldEndWith(2).Error.ShouldContain("layer");
        trained.Run("explain", "run", "--text", "shoe").ShouldEndWith(2).Error.ShouldContain("--output");
        trained.Run("explain", "run", "--image", "gone.jpg", "--output", "x").ShouldEndWith(1).Error.ShouldContain("gone.jpg");
    }

    [Fact]
    public void Robustness_writes_its_file_and_goes_on()
    {
        string[] arguments =
        [
            "robustness",
            "run",
            "--data",
            TrainedRun.Table,
            "--split",
            "test",
            "--sample",
            "20",
            "--corruption",
            "typos",
        ];
        trained.Run([.. arguments, "--markdown"]).ShouldEndWith(0).Output.ShouldContain("| typos | 0.2 |");
        var drawn = trained.Run(arguments).ShouldEndWith(0).Output;
        drawn.ShouldContain("────");
        drawn.ShouldContain("typos (text): ");
        trained.Run([.. arguments, "--markdown", "--json"]).ShouldEndWith(2).Error.ShouldContain("--markdown");
        var again = trained.Run([.. arguments, "--corruption", "occlusion", "--json"]).ShouldEndWith(0);
        again.Error.ShouldContain("measuring 1 of 3: occlusion");
        using var json = JsonDocument.Parse(again.Output);
        json.RootElement.GetProperty("curves").GetArrayLength().ShouldBe(2);
        json.RootElement.GetProperty("clean").GetProperty("n").GetInt32().ShouldBe(20);
        File.Exists(Path.Combine(trained.Folder, "run", "robustness.json")).ShouldBeTrue();
        trained.Run("robustness", "run", "--data", TrainedRun.Table, "--corruption", "rain").ShouldEndWith(2).Error.ShouldContain("blur");
    }
}
