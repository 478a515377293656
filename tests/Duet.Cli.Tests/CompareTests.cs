// Compare, as users and their scripts call it.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class CompareTests(TrainedRun trained)
{
    [Fact]
    public void Systems_and_variants_stand_in_one_table_and_what_is_done_is_not_done_again()
    {
        string[] command = Compare("cma-clip:modalities=text:fusion_layers=1,clip", "table", "--seeds", "1,2");
        using var table = JsonDocument.Parse(trained.Run([.. command, "--json"]).ShouldEndWith(0).Output);
        var systems = table.RootElement.GetProperty("systems").EnumerateArray().ToList();
        systems.Select(system => system.GetProperty("system").GetString()).ShouldBe(["cma-clip:modalities=text:fusion_layers=1", "clip"]);
        foreach (var system in systems)
        {
            system.GetProperty("mean").GetProperty("count").GetInt32().ShouldBe(2);
            system.GetProperty("tasks").GetProperty("color").GetProperty("deviation").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
            system.GetProperty("parameters").GetInt64().ShouldBeGreaterThan(1000);
            foreach (var run in system.GetProperty("runs").EnumerateArray())
            {
                File.Exists(Path.Combine(trained.Folder, "table", run.GetProperty("folder").GetString()!, "model.safetensors"))
                    .ShouldBeTrue();
            }
        }

        var again = trained.Run([.. command, "--markdown"]).ShouldEndWith(0);
        again.Output.ShouldContain("| system | mean | to the first | category | color |");
        var drawn = trained.Run(command).ShouldEndWith(0).Output;
        drawn.ShouldContain("────");
        drawn.ShouldNotContain("| system");
        drawn.ShouldContain("Accuracy (micro F1");
        again.Error.ShouldNotContain("epoch 1/");
        File.ReadAllLines(Path.Combine(trained.Folder, "table", "comparison.csv")).Length.ShouldBe(3);

        // Another run's report shows the table that was just made, named by its folder.
        trained
            .Run("report", "run", "--ablation", "table", "--slice", "split", "--no-explanations", "--output", "compared.html")
            .ShouldEndWith(0);
        var page = File.ReadAllText(Path.Combine(trained.Folder, "compared.html"));
        page.ShouldContain("over 2 seeds");
        page.ShouldContain("Difference to cma-clip:modalities=text:fusion_layers=1");
        page.ShouldContain("paired bootstrap");
        page.ShouldContain("By <bdi>split</bdi>");
    }

    [Fact]
    public void Ctrl_C_keeps_what_was_done_and_says_that_the_command_goes_on()
    {
        // Many epochs, so that the signal surely finds a run at work.
        using var process = CliProcess.Start(
            trained.Folder,
            ["compare", "--models", "clip", .. Common("stopped-table", epochs: 500), "--seeds", "1"]
        );
        process.WaitFor("1/500  loss").ShouldBeTrue(process.Error);
        process.Interrupt();
        process.Wait().ShouldEndWith(130).Error.ShouldContain("continues");
        File.Exists(Path.Combine(trained.Folder, "stopped-table", "comparison.json")).ShouldBeTrue();
    }

    [Fact]
    public void A_system_that_fails_is_reported_and_the_exit_code_says_so()
    {
        // A tokenizer that is not there fails when the run begins, not when the command is read.
        var result = trained.Run(Compare("clip:tokenizer_path=nowhere.json,clip:head_width=0", "partly", "--seeds", "3")).ShouldEndWith(1);
        result.Output.ShouldContain("failed: clip:tokenizer_path=nowhere.json, seed 3");
        result.Output.ShouldContain("1 of 1");
    }

    [Fact]
    public void Ablation_takes_away_each_part_that_a_system_has()
    {
        string[] common = [.. Common("parts"), "--seeds", "1"];
        using var table = JsonDocument.Parse(
            trained.Run(["ablate", "--without", "fusion_layers=1", .. common, "--json"]).ShouldEndWith(0).Output
        );
        var systems = table.RootElement.GetProperty("systems").EnumerateArray().ToList();
        systems
            .Select(system => system.GetProperty("system").GetString())
            .ShouldBe([
                "cma-clip",
                "cma-clip:sequence_wise_attention=false",
                "cma-clip:modality_wise_attention=false",
                "cma-clip:modalities=image",
                "cma-clip:modalities=text",
                "cma-clip:fusion_layers=1",
            ]);
        foreach (var variant in systems.Skip(1))
        {
            var interval = variant.GetProperty("difference").GetProperty("difference");
            interval.GetProperty("low").GetDouble().ShouldBeLessThanOrEqualTo(interval.GetProperty("high").GetDouble());
        }

        // The report of one of its runs finds the ablation unasked.
        trained.Run("report", "parts/runs/cma-clip/seed-1", "--no-explanations").ShouldEndWith(0);
        var page = ReportText.Read(Path.Combine(trained.Folder, "parts", "runs", "cma-clip", "seed-1", "report.html"));
        page.ShouldContain("This run belongs to <bdi>cma-clip</bdi>");
        page.ShouldContain("id=\"ablation-differences-title\"");
        page.ShouldContain($"<code>duet ablate --without fusion_layers=1 {string.Join(' ', common)} --json</code>");

        trained.Run(["ablate", "--model", "clap", .. common]).ShouldEndWith(2).Error.ShouldContain("clap");
        trained.Run(["ablate", "--without", "nothing=1", .. common]).ShouldEndWith(2).Error.ShouldContain("nothing");
    }

    [Theory]
    [InlineData("clap", "clap")]
    [InlineData("clip:fusion=3", "fusion")]
    [InlineData("clip:modalities", "MODEL:name=value")]
    [InlineData("clip:preset=huge", "huge")]
    [InlineData("clip,clip", "folder clip")]
    public void Entries_that_cannot_be_read_are_named(string models, string named) =>
        trained.Run(Compare(models, "never")).ShouldEndWith(2).Error.ShouldContain(named);

    [Fact]
    public void One_budget_and_one_output_are_asked_for()
    {
        trained.Run(Compare("clip", "never", "--minutes", "1")).ShouldEndWith(2).Error.ShouldContain("one budget");
        trained
            .Run("compare", "--models", "clip,cma-clip:epochs=2", "--data", TrainedRun.Table, "--minutes", "1", "--output", "never")
            .ShouldEndWith(2)
            .Error.ShouldContain("one budget");
        trained.Run("compare", "--models", "clip", "--data", TrainedRun.Table).ShouldEndWith(2).Error.ShouldContain("--output");
        trained.Run(Compare("clip", "never", "--seeds", "one")).ShouldEndWith(2).Error.ShouldContain("seeds");
        trained.Run(Compare("clip", "catalogue")).ShouldEndWith(1).Error.ShouldContain("no comparison");
        Directory.Exists(Path.Combine(trained.Folder, "never")).ShouldBeFalse();
    }

    private static string[] Compare(string models, string output, params string[] more) =>
        ["compare", "--models", models, .. Common(output), .. more];

    private static string[] Common(string output, int epochs = 1) =>
        [
            "--data",
            TrainedRun.Table,
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "category",
            "--task",
            "color",
            "--split-column",
            "split",
            "--preset",
            "tiny",
            "--epochs",
            $"{epochs}",
            "--batch-size",
            "16",
            "--threads",
            "1",
            "--output",
            output,
        ];
}
