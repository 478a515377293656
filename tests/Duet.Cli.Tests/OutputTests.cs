// Where commands write: files, links, pipes, devices and the standard streams, as shells and scripts use them.
using System.Text.Json;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class OutputTests(TrainedRun trained)
{
    private static readonly string[] Predict = ["predict", "run", "--data", TrainedRun.Table, "--output"];

    [Fact]
    public void Predictions_go_to_json_lines_with_the_names_of_json()
    {
        trained.Run([.. Predict, "lines.jsonl"]).ShouldEndWith(0);
        var lines = File.ReadAllLines(At("lines.jsonl"));
        lines.Length.ShouldBe(160);
        using var first = JsonDocument.Parse(lines[0]);
        using var one = JsonDocument.Parse(trained.Run("predict", "run", "--text", "red shoe", "--json").ShouldEndWith(0).Output);
        first
            .RootElement.EnumerateObject()
            .Select(part => part.Name)
            .ShouldBe(["id", .. one.RootElement.EnumerateObject().Select(part => part.Name)]);
        Names(first, "color").ShouldBe(Names(one, "color"));

        trained.Run("zero-shot", "run", "--labels", "shoe,bag", "--data", TrainedRun.Table, "--output", "zero.jsonl").ShouldEndWith(0);
        using var zero = JsonDocument.Parse(File.ReadAllLines(At("zero.jsonl"))[0]);
        zero.RootElement.GetProperty("tasks").GetProperty("label").GetProperty("label").GetString().ShouldBeOneOf("shoe", "bag");

        trained.Run([.. Predict, "table.parquet"]).ShouldEndWith(2).Error.ShouldContain(".csv or .jsonl");
        trained.Run([.. Predict, "table"]).ShouldEndWith(2).Error.ShouldContain(".csv or .jsonl");
        static IEnumerable<string> Names(JsonDocument answer, string task) =>
            answer.RootElement.GetProperty("tasks").GetProperty(task).EnumerateObject().Select(part => part.Name);
    }

    [Theory]
    [InlineData("there.csv", "predict", "run", "--data", "TABLE", "--output", "there.csv")]
    [InlineData("there.csv.quarantine.csv", "predict", "run", "--data", "TABLE", "--output", "there.csv")]
    [InlineData("vectors.ids.csv", "embed", "run", "--data", "TABLE", "--output", "vectors.npy")]
    [InlineData("there.json", "evaluate", "run", "--data", "TABLE", "--json", "there.json")]
    [InlineData("there.csv", "zero-shot", "run", "--labels", "a,b", "--data", "TABLE", "--output", "there.csv")]
    [InlineData("there.csv", "data", "check", "--data", "TABLE", "--text", "title", "--output", "there.csv")]
    [InlineData("there.json", "data", "check", "--data", "TABLE", "--text", "title", "--json", "there.json")]
    [InlineData("there.html", "report", "run", "--output", "there.html")]
    [InlineData("there/explanation.json", "explain", "run", "--text", "shoe", "--output", "there")]
    public void What_is_there_is_not_replaced_unasked(string there, params string[] command)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(there))!);
        File.WriteAllText(At(there), "precious");
        string[] words = [.. command.Select(word => word == "TABLE" ? TrainedRun.Table : word)];
        trained.Run(words).ShouldEndWith(2).Error.ShouldContain($"would replace {there}");
        File.ReadAllText(At(there)).ShouldBe("precious");
        if (command[0] is "predict" or "evaluate")
        {
            trained.Run([.. words, "--overwrite"]).ShouldEndWith(0);
            (File.Exists(At(there)) ? File.ReadAllText(At(there)) : string.Empty).ShouldNotBe("precious");
        }

        File.Delete(At(there));
        File.Delete(At("there.csv"));
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_written()
    {
        Directory.CreateDirectory(At("elsewhere"));
        File.WriteAllText(At("elsewhere/target.csv"), "old");
        File.CreateSymbolicLink(At("link.csv"), "elsewhere/target.csv");
        File.CreateSymbolicLink(At("dangling.csv"), "elsewhere/new.csv");
        trained.Run([.. Predict, "link.csv", "--overwrite"]).ShouldEndWith(0);
        trained.Run([.. Predict, "dangling.csv"]).ShouldEndWith(0);
        File.ReadAllLines(At("elsewhere/target.csv")).Length.ShouldBe(161);
        File.ReadAllLines(At("elsewhere/new.csv")).Length.ShouldBe(161);
        new FileInfo(At("link.csv")).LinkTarget.ShouldBe("elsewhere/target.csv");
        Directory.EnumerateFiles(At("elsewhere"), "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public void Pipes_devices_and_standard_output_are_written_straight_through()
    {
        var told = Shell(
                """
                mkfifo pipe.csv
                wc -l < pipe.csv > count.txt &
                duet predict run --data catalogue/products.csv --output pipe.csv > said.txt || exit 9
                wait
                test -p pipe.csv || exit 8
                duet predict run --data catalogue/products.csv --output /dev/null || exit 7
                test -c /dev/null || exit 6
                duet embed run --data catalogue/products.csv --output - > vectors.txt || exit 5
                { echo before; duet predict run --data catalogue/products.csv --output /dev/stdout || exit 4; echo after; } > around.txt
                ls | grep -c 'pipe.csv.quarantine\|\.tmp$'
                true
                """
            )
            .ShouldEndWith(0);
        told.Output.Trim().ShouldBe("0");
        told.Error.ShouldContain("160 rows");
        File.ReadAllText(At("said.txt")).ShouldBeEmpty("what is said must not mix with rows");
        File.ReadAllText(At("count.txt")).Trim().ShouldBe("161");
        var around = File.ReadAllLines(At("around.txt"));
        (around.Length, around[0], around[^1]).ShouldBe((163, "before", "after"));
        File.ReadAllLines(At("vectors.txt")).ShouldAllBe(line => line.StartsWith("{\"id\":", StringComparison.Ordinal));
        trained.Run("embed", "run", "--data", TrainedRun.Table, "--output", "pipe.npy").ShouldEndWith(0);
        using var scores = JsonDocument.Parse(
            trained.Run("evaluate", "run", "--data", TrainedRun.Table, "--json", "-").ShouldEndWith(0).Output
        );
        scores.RootElement.GetProperty("n").GetInt32().ShouldBe(160);
    }

    [Fact]
    public void A_reader_that_has_gone_ends_the_command_quietly_and_a_closed_stream_is_said()
    {
        var gone = Shell(
            "duet train --list-settings | true; echo ${PIPESTATUS[0]}; duet embed run --data catalogue/products.csv --output - | head "
                + "-1 | wc -l"
        );
        gone.Output.Split('\n')[0].ShouldBe("141");
        gone.Output.Split('\n')[1].ShouldBe("1");
        gone.Error.ShouldNotContain("duet:");
        var closed = Shell("duet inspect run >&-");
        closed.ShouldEndWith(1);
        closed.Error.ShouldContain("The output cannot be written");
        Shell("duet inspect run 2>&-").ShouldEndWith(0).Output.ShouldContain("CMA-CLIP");
        Shell("duet inspect nowhere 2>&-").ShouldEndWith(1);
    }

    [Fact]
    public void Commands_in_messages_and_in_the_report_are_those_of_this_shell()
    {
        var checkout = new Dictionary<string, string?> { ["DUET_COMMAND"] = "./duet" };
        var installed = new Dictionary<string, string?> { ["DUET_COMMAND"] = null };
        CliProcess
            .Run(trained.Folder, checkout, "train", "--help")
            .ShouldEndWith(0)
            .Output.ShouldContain("  ./duet train --data products.csv");
        CliProcess
            .Run(trained.Folder, installed, "train", "--help")
            .ShouldEndWith(0)
            .Output.ShouldContain("\n  duet train --data products.csv");
        CliProcess.Run(trained.Folder, checkout, "inspect", "nowhere").ShouldEndWith(1).Error.ShouldContain("`./duet train");
        CliProcess.Run(trained.Folder, checkout, "train", "--epoch", "1").ShouldEndWith(2).Error.ShouldContain("`./duet train --help`");
        CliProcess.Run(trained.Folder, checkout, "report", "run", "--no-explanations", "--output", "checkout.html").ShouldEndWith(0);
        var page = ReportText.Read(At("checkout.html"));
        page.ShouldContain("<code>./duet inspect run --settings</code>");
        page.ShouldNotContain("<code>duet ");

        // With a taxonomy: the whole command, so that it can be run.
        page.ShouldContain("--task category --task color");
        page.ShouldContain("--taxonomy category=FILE</code>");
    }

    private string At(string name) => Path.Combine(trained.Folder, name);

    private CliResult Shell(string script) => CliProcess.Shell(trained.Folder, script);
}
