// Evaluate, predict, embed and inspect, as users and their scripts call them.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class UseTests(TrainedRun trained)
{
    [Fact]
    public void Evaluate_writes_the_figures_as_json()
    {
        trained
            .Run("evaluate", "run", "--data", TrainedRun.Table, "--split", "test", "--json", "scores.json")
            .ShouldEndWith(0)
            .Output.ShouldContain("accuracy");
        using var scores = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Folder, "scores.json")));
        scores.RootElement.GetProperty("n").GetInt32().ShouldBe(32);
        scores.RootElement.GetProperty("quarantined").GetInt32().ShouldBe(0);
        foreach (var task in (string[])["category", "color"])
        {
            var figures = scores.RootElement.GetProperty("tasks").GetProperty(task);
            figures.GetProperty("n").GetInt32().ShouldBeInRange(20, 32);
            figures.GetProperty("accuracy").GetDouble().ShouldBeInRange(0, 1);
            figures.GetProperty("macro_f1").GetDouble().ShouldBeInRange(0, 1);
            figures.GetProperty("top5").GetDouble().ShouldBeGreaterThanOrEqualTo(figures.GetProperty("accuracy").GetDouble());
            figures.GetProperty("recall_at_precision").GetProperty("0.90").GetDouble().ShouldBeInRange(0, 1);
            figures.GetProperty("recall_at_precision").GetProperty("0.95").GetDouble().ShouldBeInRange(0, 1);
        }
    }

    [Fact]
    public void Evaluation_tells_recall_at_the_precisions_asked_for_and_which_class_is_taken_for_which()
    {
        using var scores = JsonDocument.Parse(
            trained
                .Run(
                    "evaluate",
                    "run",
                    "--data",
                    TrainedRun.Table,
                    "--split",
                    "test",
                    "--at-precision",
                    "0.8",
                    "--at-precision",
                    "1",
                    "--json"
                )
                .ShouldEndWith(0)
                .Output
        );
        var color = scores.RootElement.GetProperty("tasks").GetProperty("color");
        color.GetProperty("recall_at_precision").EnumerateObject().Select(at => at.Name).ShouldBe(["0.80", "1.00"]);
        color
            .GetProperty("per_class")[0]
            .GetProperty("recall_at_precision")
            .EnumerateObject()
            .Select(at => at.Name)
            .ShouldBe(["0.80", "1.00"]);
        color.GetProperty("weighted_recall").GetDouble().ShouldBe(color.GetProperty("accuracy").GetDouble(), 1e-12);
        color.GetProperty("micro_precision").GetDouble().ShouldBe(color.GetProperty("accuracy").GetDouble(), 1e-12);
        var cells = color.GetProperty("confusion").EnumerateArray().ToList();
        cells.ShouldAllBe(cell => cell.GetProperty("count").GetInt64() > 0);
        cells.Sum(cell => cell.GetProperty("count").GetInt64()).ShouldBe(color.GetProperty("n").GetInt64());
        var right = cells
            .Where(cell => cell.GetProperty("true").GetString() == cell.GetProperty("predicted").GetString())
            .Sum(cell => cell.GetProperty("count").GetInt64());
        ((double)right / color.GetProperty("n").GetInt64()).ShouldBe(color.GetProperty("accuracy").GetDouble(), 1e-12);
        var told = trained.Run("evaluate", "run", "--data", TrainedRun.Table, "--at-precision", "0.8").ShouldEndWith(0).Output;
        told.ShouldContain(".80");
        told.ShouldNotContain(".95 ");
        trained
            .Run("evaluate", "run", "--data", TrainedRun.Table, "--at-precision", "0")
            .ShouldEndWith(2)
            .Error.ShouldContain("--at-precision is '0'");
        trained
            .Run("evaluate", "run", "--data", TrainedRun.Table, "--at-precision", "much")
            .ShouldEndWith(2)
            .Error.ShouldContain("--at-precision is 'much'");
    }

    [Fact]
    public void Evaluate_takes_the_whole_table_and_writes_json_to_standard_output()
    {
        using var scores = JsonDocument.Parse(trained.Run("evaluate", "run", "--data", TrainedRun.Table, "--json").ShouldEndWith(0).Output);
        scores.RootElement.GetProperty("n").GetInt32().ShouldBe(160);
    }

    [Fact]
    public void Evaluate_refuses_an_unknown_split() =>
        trained.Run("evaluate", "run", "--data", TrainedRun.Table, "--split", "holdout").ShouldEndWith(2).Error.ShouldContain("holdout");

    [Fact]
    public void Predict_answers_for_one_product_as_json()
    {
        var picture = Path.Combine("catalogue", "images", "000001.jpg");
        using var answer = JsonDocument.Parse(
            trained.Run("predict", "run", "--image", picture, "--text", "a red shoe", "--json").ShouldEndWith(0).Output
        );
        var color = answer.RootElement.GetProperty("tasks").GetProperty("color");
        color.GetProperty("label").GetString().ShouldNotBeNullOrEmpty();
        color.GetProperty("probability").GetDouble().ShouldBeInRange(0, 1);
        (color.GetProperty("image_share").GetDouble() + color.GetProperty("text_share").GetDouble()).ShouldBe(1, 1e-6);
        var top = color.GetProperty("top_five").EnumerateArray().ToList();
        top.Count.ShouldBe(5);
        top[0].GetProperty("label").GetString().ShouldBe(color.GetProperty("label").GetString());
        top.Select(next => next.GetProperty("probability").GetDouble()).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public void Predict_takes_a_picture_or_a_text_alone_and_several_texts()
    {
        var onlyText = JsonDocument.Parse(
            trained.Run("predict", "run", "--text", "@red", "--text", "shoe", "--json").ShouldEndWith(0).Output
        );
        onlyText.RootElement.GetProperty("tasks").GetProperty("color").GetProperty("image_share").GetDouble().ShouldBe(0);
        trained
            .Run("predict", "run", "--image", Path.Combine("catalogue", "images", "000002.jpg"))
            .ShouldEndWith(0)
            .Output.ShouldContain("picture 100 %");
    }

    [Fact]
    public void Predict_names_a_picture_that_cannot_be_used()
    {
        trained.Run("predict", "run", "--image", "gone.jpg").ShouldEndWith(1).Error.ShouldContain("gone.jpg");
        File.WriteAllText(Path.Combine(trained.Folder, "words.jpg"), "These are words.");
        trained.Run("predict", "run", "--image", "words.jpg").ShouldEndWith(1).Error.ShouldContain("words.jpg");
    }

    [Fact]
    public void Predict_fills_a_table_and_sets_bad_rows_aside()
    {
        File.WriteAllText(
            Path.Combine(trained.Catalogue, "new.csv"),
            "id,title,image\nA1,\"red shoe, \"\"new\"\"\",images/000001.jpg\nA2,blue "
                + "bag,images/none.jpg\nA3,,../../etc/passwd\nA4,,images/000002.jpg\n"
        );
        var result = trained
            .Run("predict", "run", "--data", Path.Combine("catalogue", "new.csv"), "--output", "out/predictions.csv", "--max-lost", "1")
            .ShouldEndWith(0);
        result.Output.ShouldContain("3 rows");
        result
            .Output.TrimEnd()
            .Split('\n')[^1]
            .ShouldStartWith("Lost: pictures missing 50 % (2 of 4); rows lost 25 % (1 of 4); all of it was accepted");
        result.Error.ShouldContain("image_path_refused");
        var lines = File.ReadAllLines(Path.Combine(trained.Folder, "out", "predictions.csv"));
        lines[0].ShouldBe("id,category,category_probability,category_image_share,color,color_probability,color_image_share");
        lines.Skip(1).Select(line => line.Split(',')[0]).ShouldBe(["A1", "A2", "A4"]);
        lines[2].Split(',')[3].ShouldBe("0");
        lines[3].Split(',')[3].ShouldBe("1");
        File.ReadAllText(Path.Combine(trained.Folder, "out", "predictions.csv.quarantine.csv")).ShouldContain("A3");
    }

    [Fact]
    public void Embed_writes_both_formats()
    {
        trained.Run("embed", "run", "--data", TrainedRun.Table, "--output", "e.npy").ShouldEndWith(0);
        var bytes = File.ReadAllBytes(Path.Combine(trained.Folder, "e.npy"));
        bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8).ShouldBeTrue();
        System.Text.Encoding.ASCII.GetString(bytes, 10, 100).ShouldContain("'shape': (160, 64)");
        trained.Run("embed", "run", "--data", TrainedRun.Table, "--output", "e.jsonl").ShouldEndWith(0);
        var lines = File.ReadAllLines(Path.Combine(trained.Folder, "e.jsonl"));
        lines.Length.ShouldBe(160);
        using var first = JsonDocument.Parse(lines[0]);
        first.RootElement.GetProperty("joint").GetArrayLength().ShouldBe(64);
    }

    [Fact]
    public void Inspect_tells_what_the_run_is()
    {
        trained.Run("inspect", "run").ShouldEndWith(0).Output.ShouldContain("CMA-CLIP");
        using var summary = JsonDocument.Parse(trained.Run("inspect", "run", "--json").ShouldEndWith(0).Output);
        summary.RootElement.GetProperty("model").GetString().ShouldBe("cma-clip");
        summary.RootElement.GetProperty("complete").GetBoolean().ShouldBeTrue();
        summary.RootElement.GetProperty("epochs").GetArrayLength().ShouldBe(3);
        summary.RootElement.GetProperty("settings").GetProperty("training.threads").GetString().ShouldBe("1");
        summary
            .RootElement.GetProperty("tasks")
            .EnumerateArray()
            .Select(task => task.GetProperty("name").GetString())
            .ShouldBe(["category", "color"]);
    }

    [Fact]
    public void A_damaged_or_newer_run_is_refused_by_name()
    {
        var copy = Path.Combine(trained.Folder, "damaged");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(trained.Folder, "run")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        using (var weights = File.OpenWrite(trained.Weights("damaged")))
        {
            weights.SetLength(weights.Length / 2);
        }

        trained.Run("predict", "damaged", "--text", "shoe").ShouldEndWith(1).Error.ShouldContain("model.safetensors");
        var configuration = Path.Combine(copy, "config.yaml");
        File.WriteAllText(
            configuration,
            File.ReadAllText(configuration).Replace("format_version: 3", "format_version: 99", StringComparison.Ordinal)
        );
        trained.Run("inspect", "damaged").ShouldEndWith(1).Error.ShouldContain("version 99");
    }
}
