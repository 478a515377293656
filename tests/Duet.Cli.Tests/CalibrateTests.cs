// Calibrating a run, and using it then, as users and their scripts do.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class CalibrateTests(TrainedRun trained)
{
    [Fact]
    public void A_calibrated_run_says_what_may_be_accepted()
    {
        Copy("calibrated");
        var told = trained
            .Run("calibrate", "calibrated", "--data", TrainedRun.Table, "--precision", "0.5", "--confidence", "0.6")
            .ShouldEndWith(0);
        told.Output.ShouldContain("temperature");
        foreach (var inputs in (string[])["picture and text", "picture alone", "text alone"])
        {
            told.Output.ShouldContain(inputs);
        }

        told.Error.ShouldContain("hidden");
        told.Output.ShouldContain("calibration.json");
        trained.Run("inspect", "calibrated").ShouldEndWith(0).Output.ShouldContain("precision 0.5 with confidence 0.6");
        using (
            var scores = JsonDocument.Parse(
                trained.Run("evaluate", "calibrated", "--data", TrainedRun.Table, "--json").ShouldEndWith(0).Output
            )
        )
        {
            var decisions = scores.RootElement.GetProperty("decisions").GetProperty("category");
            decisions.GetProperty("target").GetDouble().ShouldBe(0.5);
            decisions.GetProperty("coverage").GetDouble().ShouldBeInRange(0, 1);
            decisions.GetProperty("ece_after").GetDouble().ShouldBeInRange(0, 1);
            decisions.GetProperty("patterns").GetProperty("picture and text").GetProperty("rows").GetInt32().ShouldBeGreaterThan(0);
            scores.RootElement.GetProperty("novelty").GetProperty("picture and text").GetProperty("rows").GetInt32().ShouldBeGreaterThan(0);
        }

        var answer = trained.Run("predict", "calibrated", "--text", "a red shoe", "--json").ShouldEndWith(0).Output;
        using (var parsed = JsonDocument.Parse(answer))
        {
            parsed.RootElement.GetProperty("inputs").GetString().ShouldBe("text alone");
            parsed.RootElement.GetProperty("novelty").GetProperty("limit").GetDouble().ShouldBeGreaterThan(0);
            var color = parsed.RootElement.GetProperty("tasks").GetProperty("color");
            (color.GetProperty("decision").GetString() == "accepted").ShouldBe(color.GetProperty("reason").ValueKind == JsonValueKind.Null);
        }

        trained.Run("predict", "calibrated", "--text", "a red shoe").ShouldEndWith(0).Output.ShouldContain("decision");
        trained.Run("predict", "calibrated", "--data", TrainedRun.Table, "--output", "decided.csv").ShouldEndWith(0);
        var lines = File.ReadAllLines(Path.Combine(trained.Folder, "decided.csv"));
        lines[0]
            .ShouldBe(
                "id,category,category_probability,category_image_share,category_decision,category_reason,color,color_probability,color_image_share,color_decision,color_reason"
            );
        lines
            .Skip(1)
            .Select(line => line.Split(','))
            .ShouldAllBe(cells => cells[4] == "accepted" ? cells[5].Length == 0 : cells[4] == "review" && cells[5].Length > 0);

        trained
            .Run("predict", "calibrated", "--text", "a red shoe", "--calibrated", "false")
            .ShouldEndWith(0)
            .Output.ShouldNotContain("decision");
        File.Copy(trained.Weights("run"), trained.Weights("calibrated"), overwrite: true);
        using (var weights = File.OpenWrite(trained.Weights("calibrated")))
        {
            weights.Position = weights.Length - 1;
            weights.WriteByte(7);
        }

        trained.Run("predict", "calibrated", "--text", "a red shoe").ShouldEndWith(1).Error.ShouldContain("duet calibrate");
        trained.Run("inspect", "calibrated").ShouldEndWith(0).Output.ShouldContain("other weights");
        using (var weights = File.OpenWrite(trained.Weights("calibrated")))
        {
            weights.SetLength(weights.Length / 2);
        }

        // Weights that were cut off are the fault, not the calibration.
        var cut = trained.Run("predict", "calibrated", "--text", "a red shoe").ShouldEndWith(1).Error;
        cut.ShouldContain("model.safetensors");
        cut.ShouldNotContain("calibration");
        trained.Run("inspect", "calibrated").ShouldEndWith(1).Error.ShouldContain("model.safetensors");
    }

    [Fact]
    public void Nothing_strange_is_accepted_and_the_reason_is_told()
    {
        Copy("strange-products");
        trained
            .Run("calibrate", "strange-products", "--data", TrainedRun.Table, "--precision", "0.05", "--confidence", "0.5")
            .ShouldEndWith(0);
        trained
            .Run("predict", "strange-products", "--text", "xqzw kjvv qqqx zzkw vxqj")
            .ShouldEndWith(0)
            .Output.ShouldContain("review: unlike the catalogue");
        var without = trained.Run("evaluate", "strange-products", "--data", TrainedRun.Table, "--without-image", "--json").ShouldEndWith(0);
        using (var scores = JsonDocument.Parse(without.Output))
        {
            scores
                .RootElement.GetProperty("decisions")
                .GetProperty("color")
                .GetProperty("patterns")
                .EnumerateObject()
                .Select(pattern => pattern.Name)
                .ShouldBe(["text alone"]);
        }

        trained
            .Run("evaluate", "strange-products", "--data", TrainedRun.Table, "--without-text")
            .ShouldEndWith(0)
            .Output.ShouldContain("picture alone");
        trained
            .Run("evaluate", "strange-products", "--data", TrainedRun.Table, "--without-text", "--text", "title")
            .ShouldEndWith(2)
            .Error.ShouldContain("contradict");

        // Texts of another kind beside the same pictures: the share beyond the limit is said, and so is a promise that does not hold.
        var lines = File.ReadAllLines(Path.Combine(trained.Folder, TrainedRun.Table));
        var title = Array.IndexOf(lines[0].Split(','), "title");
        File.WriteAllLines(
            Path.Combine(trained.Catalogue, "foreign.csv"),
            lines.Select(
                (line, i) =>
                    i == 0
                        ? line
                        : string.Join(',', line.Split(',').Select((cell, column) => column == title ? "xqzw kjvv qqqx zzkw vxqj" : cell))
            )
        );
        trained
            .Run("evaluate", "strange-products", "--data", Path.Combine("catalogue", "foreign.csv"))
            .ShouldEndWith(0)
            .Error.ShouldContain("have changed");
    }

    [Fact]
    public void A_promise_that_the_rows_contradict_is_told()
    {
        Copy("promise-broken");
        trained
            .Run("calibrate", "promise-broken", "--data", TrainedRun.Table, "--precision", "0.05", "--confidence", "0.5")
            .ShouldEndWith(0);
        var file = Path.Combine(trained.Folder, "promise-broken", "calibration.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"precision\": 0.05", "\"precision\": 0.9999", StringComparison.Ordinal));
        trained
            .Run("evaluate", "promise-broken", "--data", TrainedRun.Table, "--split", "test")
            .ShouldEndWith(0)
            .Error.ShouldContain("PROMISE BROKEN");
    }

    [Fact]
    public void A_target_out_of_reach_is_told()
    {
        Copy("modest");
        var told = trained
            .Run(
                "calibrate",
                "modest",
                "--data",
                TrainedRun.Table,
                "--split",
                "val",
                "--precision",
                "0.999",
                "--per-class",
                "--method",
                "isotonic",
                "--json"
            )
            .ShouldEndWith(0);
        using var made = JsonDocument.Parse(told.Output);
        made.RootElement.GetProperty("per_class").GetBoolean().ShouldBeTrue();
        made.RootElement.GetProperty("certificates")[0]
            .GetProperty("tasks")[0]
            .GetProperty("threshold")
            .GetProperty("reason")
            .GetString()!
            .ShouldContain("are needed");
        trained
            .Run("evaluate", "modest", "--data", TrainedRun.Table, "--split", "test")
            .ShouldEndWith(0)
            .Output.ShouldContain("not reachable");
    }

    [Theory]
    [InlineData("--precision", "1", "--precision is 1")]
    [InlineData("--precision", "much", "--precision is 'much'")]
    [InlineData("--confidence", "0", "--confidence is 0")]
    [InlineData("--method", "magic", "temperature, vector, isotonic")]
    [InlineData("--fit-share", "0.95", "--fit-share is 0.95")]
    [InlineData("--outside", "0.9", "--outside is 0.9")]
    public void Promises_that_nobody_can_keep_are_refused(string option, string value, string problem) =>
        trained.Run("calibrate", "run", "--data", TrainedRun.Table, option, value).ShouldEndWith(2).Error.ShouldContain(problem);

    [Fact]
    public void Of_the_table_of_training_only_other_rows_are_taken()
    {
        Copy("own");
        trained
            .Run("calibrate", "own", "--data", Path.Combine("catalogue", "..", TrainedRun.Table), "--split", "train")
            .ShouldEndWith(2)
            .Error.ShouldContain("learned from");
        File.Exists(Path.Combine(trained.Folder, "own", "calibration.json")).ShouldBeFalse();
        var told = trained
            .Run("calibrate", "own", "--data", TrainedRun.Table, "--precision", "0.5", "--confidence", "0.6", "--per-class")
            .ShouldEndWith(0);
        told.Output.ShouldContain("products of val");
        using var made = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Folder, "own", "calibration.json")));
        var category = made.RootElement.GetProperty("certificates")[0].GetProperty("tasks")[0];
        var unreachable = category
            .GetProperty("classes")
            .EnumerateObject()
            .First(own => own.Value.GetProperty("threshold").ValueKind == JsonValueKind.Null);
        told.Error.ShouldContain(unreachable.Value.GetProperty("reason").GetString()!);
    }

    [Fact]
    public void Rows_of_training_under_another_name_are_noticed()
    {
        Copy("leaked");
        var lines = File.ReadAllLines(Path.Combine(trained.Folder, TrainedRun.Table));
        var header = lines[0].Split(',');
        var (split, title) = (Array.IndexOf(header, "split"), Array.IndexOf(header, "title"));
        string Calibrate(string name, IEnumerable<string> rows)
        {
            var table = Path.Combine("catalogue", name);
            File.WriteAllLines(Path.Combine(trained.Folder, table), [lines[0], .. rows]);
            return trained.Run("calibrate", "leaked", "--data", table, "--precision", "0.5", "--confidence", "0.6").ShouldEndWith(0).Error;
        }

        var training = lines.Skip(1).Where(line => line.Split(',')[split] == "train").ToArray();
        Calibrate("training-rows.csv", training).ShouldContain("100 % of these rows have a text that the model was trained on");
        Calibrate(
                "new-rows.csv",
                training.Select(
                    (line, i) => string.Join(',', line.Split(',').Select((cell, column) => column == title ? $"{cell} number {i}" : cell))
                )
            )
            .ShouldNotContain("that the model was trained on");
    }

    [Fact]
    public void Thresholds_per_class_are_added_up()
    {
        Copy("classes");
        File.Copy(Path.Combine(trained.Folder, TrainedRun.Table), Path.Combine(trained.Catalogue, "copy.csv"), overwrite: true);
        var told = trained
            .Run(
                "calibrate",
                "classes",
                "--data",
                Path.Combine("catalogue", "copy.csv"),
                "--precision",
                "0.05",
                "--confidence",
                "0.5",
                "--per-class"
            )
            .ShouldEndWith(0);
        using var made = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Folder, "classes", "calibration.json")));
        foreach (var task in made.RootElement.GetProperty("certificates")[0].GetProperty("tasks").EnumerateArray())
        {
            var used = task.GetProperty("classes")
                .EnumerateObject()
                .Where(own => own.Value.GetProperty("threshold").ValueKind == JsonValueKind.Number)
                .ToList();
            int Sum(string name) => used.Sum(own => own.Value.GetProperty(name).GetInt32());
            used.ShouldNotBeEmpty();
            var line = told
                .Output.Split('\n')
                .First(line => line.Contains($" {task.GetProperty("task").GetString()} ", StringComparison.Ordinal));
            line.ShouldContain(FormattableString.Invariant($" {Sum("right")} of {Sum("accepted")} "));
            line.ShouldContain(
                FormattableString.Invariant($" {100.0 * Sum("accepted") / task.GetProperty("testing_rows").GetInt32():0.0} % ")
            );
            line.TrimEnd().ShouldEndWith("-");
        }
    }

    [Fact]
    public void Training_on_removes_the_calibration_of_the_weights_before()
    {
        trained.Train("going").ShouldEndWith(0);
        trained.Run("calibrate", "going", "--data", TrainedRun.Table, "--precision", "0.5", "--confidence", "0.6").ShouldEndWith(0);
        var file = Path.Combine(trained.Folder, "going", "calibration.json");
        trained.Run("train", "--output", "going", "--resume").ShouldEndWith(0);
        File.Exists(file).ShouldBeTrue("a finished run has the same weights still");
        Directory.Delete(Path.Combine(trained.Folder, "going", "checkpoints"), recursive: true);
        trained.Run("train", "--output", "going", "--resume").ShouldEndWith(0);
        File.Exists(file).ShouldBeFalse();
    }

    private void Copy(string name)
    {
        var copy = Directory.CreateDirectory(Path.Combine(trained.Folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(trained.Folder, "run")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }
    }
}
