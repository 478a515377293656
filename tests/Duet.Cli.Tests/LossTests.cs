// Tables of which much cannot be used: every command says so, and stops where it is too much.
using System.Text;
using System.Text.RegularExpressions;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class LossTests(TrainedRun trained)
{
    [Theory]
    [InlineData("semicolons", "images/{0}.jpg;images/{1}.jpg")]
    [InlineData("bars", "images/{0}.jpg|images/{1}.jpg")]
    [InlineData("commas", "\"images/{0}.jpg,images/{1}.jpg\"")]
    [InlineData("json", "\"[\"\"images/{0}.jpg\"\", \"\"images/{1}.jpg\"\"]\"")]
    [InlineData("addresses", "https://shop.example/{0}.jpg;https://shop.example/{1}.jpg")]
    public void A_cell_that_lists_pictures_stops_training_and_says_how_to_name_them(string name, string cell)
    {
        Write(
            $"{name}.csv",
            Encoding.UTF8,
            [.. Enumerable.Range(1, 40).Select(i => $"{string.Format(null, cell, $"{i:D6}", $"{i + 1:D6}")},hat {i},{Color(i)}")]
        );
        var stopped = Train($"{name}.csv", $"run-{name}").ShouldEndWith(1);
        stopped.Error.ShouldContain("pictures missing 100 %");
        stopped.Error.ShouldContain("the cell looks like a list of pictures");
        stopped.Error.ShouldContain("--image image1 --image image2");
        Directory.Exists(Path.Combine(trained.Folder, $"run-{name}")).ShouldBeFalse();
        File.ReadAllText(Path.Combine(trained.Folder, $"run-{name}.quarantine.csv")).ShouldContain("image_list");
    }

    [Fact]
    public void A_table_in_another_encoding_is_recognised_and_read_where_it_is_named()
    {
        var western = CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")!;
        Write(
            "western.csv",
            western,
            [.. Enumerable.Range(1, 40).Select(i => $"images/{i:D6}.jpg,{(i % 5 == 0 ? "chapeau" : "béret")} {i},{Color(i)}")]
        );
        var stopped = Train("western.csv", "run-western").ShouldEndWith(1);
        stopped.Error.ShouldContain("rows lost 80 % (32 of 40)");
        stopped.Error.ShouldContain("not UTF-8, looks like windows-1252: --encoding windows-1252");
        Train("western.csv", "run-western", "--encoding", "windows-1252").ShouldEndWith(0);

        // Kept with the run, and another one may be named.
        var table = Path.Combine("catalogue", "western.csv");
        trained.Run("evaluate", "run-western", "--data", table).ShouldEndWith(0).Output.ShouldContain("40 products");
        trained
            .Run("evaluate", "run-western", "--data", table, "--encoding", "utf-8")
            .ShouldEndWith(1)
            .Error.ShouldContain("rows lost 80 %");
        trained
            .Run("evaluate", "run-western", "--data", table, "--encoding", "windows-0")
            .ShouldEndWith(2)
            .Error.ShouldContain("windows-0");
        trained
            .Run("data", "check", "--data", table, "--text", "title", "--encoding", "windows-1252")
            .ShouldEndWith(0)
            .Output.ShouldContain("40 rows, 0 more set aside");
    }

    [Fact]
    public void A_loss_is_told_though_the_output_has_no_folder_yet()
    {
        File.WriteAllText(
            Path.Combine(trained.Folder, "nowhere.csv"),
            "title,image,color\n"
                + string.Concat(Enumerable.Range(0, 40).Select(i => $"hat {i},gone{i}.jpg,{(i % 2 == 0 ? "red" : "blue")}\n"))
        );
        string[] train =
        [
            "--data",
            "nowhere.csv",
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "color",
            "--preset",
            "tiny",
            "--epochs",
            "1",
        ];
        trained.Run(["train", .. train, "--output", "new/folder/run"]).ShouldEndWith(1).Error.ShouldContain("pictures missing 100 %");
        File.Exists(Path.Combine(trained.Folder, "new", "folder", "run.quarantine.csv")).ShouldBeTrue();
    }

    [Fact]
    public void Rows_without_a_known_split_are_lost_or_told_at_the_end()
    {
        var lines = File.ReadAllLines(Path.Combine(trained.Catalogue, "products.csv"));
        void Write(string value) =>
            File.WriteAllLines(
                Path.Combine(trained.Catalogue, "typed.csv"),
                lines.Select((line, i) => i % 3 == 1 ? line.Replace(",train", $",{value}", StringComparison.Ordinal) : line)
            );
        string[] train =
        [
            "train",
            "--data",
            Path.Combine("catalogue", "typed.csv"),
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "color",
            "--split-column",
            "split",
            "--preset",
            "tiny",
            "--epochs",
            "1",
            "--no-report",
            "--output",
            "typed",
        ];
        Write("trian");
        var stopped = trained.Run(train).ShouldEndWith(1).Error;
        stopped.ShouldContain("rows lost");
        stopped.ShouldContain("unknown split 'trian'");
        stopped.ShouldContain("validation, dev");
        Write(string.Empty);
        trained.Run(train).ShouldEndWith(0).Error.TrimEnd().Split('\n')[^1].ShouldContain("x empty_split");
    }

    [Fact]
    public void A_table_without_any_product_says_why_and_where()
    {
        File.WriteAllText(Path.Combine(trained.Folder, "hollow.csv"), "title,image,color\n,,red\n,,blue\n");
        var told = trained
            .Run("train", "--data", "hollow.csv", "--text", "title", "--image", "image", "--task", "color", "--output", "hollow")
            .ShouldEndWith(1)
            .Error;
        told.ShouldContain("2 x nothing_to_classify");
        File.Exists(Path.Combine(trained.Folder, "hollow.quarantine.csv")).ShouldBeTrue();
    }

    [Fact]
    public void Every_command_stops_at_its_limit_and_tells_what_it_lost_below_it()
    {
        var header = File.ReadLines(Path.Combine(trained.Catalogue, "products.csv")).First().Split(',');
        var place = Array.IndexOf(header, "image");
        var rows = File.ReadLines(Path.Combine(trained.Catalogue, "products.csv"))
            .Skip(1)
            .Select(
                (line, i) =>
                {
                    var cells = line.Split(',');
                    cells[place] = i % 10 == 0 ? $"images/gone{i}.jpg" : cells[place];
                    return string.Join(',', cells);
                }
            );
        File.WriteAllLines(Path.Combine(trained.Catalogue, "holes.csv"), [string.Join(',', header), .. rows]);
        var table = Path.Combine("catalogue", "holes.csv");
        foreach (
            var command in (string[][])
                [
                    ["evaluate", "run", "--data", table],
                    ["predict", "run", "--data", table, "--output", "holes-predicted.csv"],
                    ["embed", "run", "--data", table, "--output", "holes.npy"],
                    ["robustness", "run", "--data", table, "--corruption", "blur"],
                    ["report", "run", "--data", table, "--no-explanations"],
                ]
        )
        {
            var stopped = trained.Run(command).ShouldEndWith(1, command[0]);
            stopped.Error.ShouldContain("pictures missing ");
            stopped.Error.ShouldContain("x image_missing, for instance row 1:");
            stopped.Error.ShouldContain("--max-lost 1");
        }

        File.Exists(Path.Combine(trained.Folder, "holes-predicted.csv")).ShouldBeFalse();
        LastLine(trained.Run("evaluate", "run", "--data", table, "--max-lost", ".2").ShouldEndWith(0).Output)
            .ShouldStartWith("Lost: pictures missing ");
        LastLine(trained.Run("embed", "run", "--data", table, "--max-lost", "1", "--output", "holes.npy").ShouldEndWith(0).Output)
            .ShouldEndWith("holes.npy.quarantine.csv.");
        var json = trained.Run("evaluate", "run", "--data", table, "--max-lost", "1", "--json").ShouldEndWith(0);
        json.Output.TrimEnd().ShouldEndWith("}");
        LastLine(json.Error).ShouldStartWith("Lost: ");
        trained
            .Run("evaluate", "run", "--data", table, "--max-lost", "2")
            .ShouldEndWith(2)
            .Error.ShouldContain("duet: --max-lost is 2; it is a share from 0 to 1");
    }

    [Fact]
    public void Training_tells_as_its_last_line_what_it_lost_and_takes_placeholders()
    {
        // One picture leads nowhere, ten show a placeholder.
        File.WriteAllBytes(
            Path.Combine(trained.Catalogue, "none.jpg"),
            File.ReadAllBytes(Path.Combine(trained.Catalogue, "images", "000050.jpg"))
        );
        Write(
            "few.csv",
            Encoding.UTF8,
            [
                .. Enumerable
                    .Range(1, 40)
                    .Select(i =>
                        $"{(i == 1 ? "images/gone.jpg" : i <= 11 ? "none.jpg" : $"images/{i:D6}.jpg")},hat "
                        + $"{i},{Color(i)},{(i % 8 == 2 ? "val" : "train")}"
                    ),
            ],
            ",split"
        );
        var plain = Train("few.csv", "run-few", "--split-column", "split").ShouldEndWith(0);
        LastLine(plain.Output)
            .ShouldBe("Lost: pictures missing 2.5 % (1 of 40); at most 5 % may be lost (--max-lost). See run-few/quarantine.csv.");
        plain.Error.ShouldContain("none.jpg is used by 10 of 40 rows (25 %), so it looks like a placeholder");

        var told = Train("few.csv", "run-told", "--split-column", "split", "--placeholder", Path.Combine("catalogue", "none.jpg"))
            .ShouldEndWith(0);
        LastLine(told.Output).ShouldContain("(1 of 30)");
        told.Error.ShouldNotContain("looks like a placeholder");
        File.ReadLines(Path.Combine(trained.Folder, "run-told", "quarantine.csv"))
            .Count(line => line.Contains("image_placeholder", StringComparison.Ordinal))
            .ShouldBe(10);
        Train("few.csv", "never", "--placeholder", "nothing.jpg").ShouldEndWith(2).Error.ShouldContain("--placeholder is nothing.jpg");
    }

    [Fact]
    public void Products_whose_picture_is_missing_are_no_twins()
    {
        // One file that is not there behind all rows: as one group they would all train.
        Write("gone.csv", Encoding.UTF8, [.. Enumerable.Range(1, 40).Select(i => $"images/gone.jpg,hat {i},{Color(i)}")]);
        Train("gone.csv", "run-gone", "--max-lost", "1").ShouldEndWith(0).Error.ShouldContain("32 products train, 4 validate");
    }

    [Fact]
    public void A_comparison_ends_with_what_its_runs_lost()
    {
        Write(
            "compared.csv",
            Encoding.UTF8,
            [
                .. Enumerable
                    .Range(1, 40)
                    .Select(i =>
                        $"images/{(i == 1 ? "gone" : $"{i:D6}")}.jpg,hat "
                        + $"{i},{Color(i)},{(i % 8) switch { 2 => "val", 4 => "test", _ => "train" }}"
                    ),
            ],
            ",split"
        );
        string[] compare =
        [
            "compare",
            "--models",
            "clip",
            "--seeds",
            "1",
            "--data",
            Path.Combine("catalogue", "compared.csv"),
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "color",
            "--split-column",
            "split",
            "--preset",
            "tiny",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--output",
            "compared-losses",
        ];
        // Of the rows that train and validate.
        const string Lost = "Lost: pictures missing 2.9 % (1 of 35); at most 5 % may be lost (--max-lost)";
        LastLine(trained.Run(compare).ShouldEndWith(0).Output).ShouldStartWith(Lost);

        // Beside JSON it is told on standard error.
        var json = trained.Run([.. compare, "--json"]).ShouldEndWith(0);
        json.Output.TrimEnd().ShouldEndWith("}");
        LastLine(json.Error).ShouldStartWith(Lost);
    }

    [Fact]
    public void Commands_of_the_report_have_the_limit_that_the_run_was_trained_with()
    {
        // All pictures of the validation rows are missing, so no command gets along without the limit.
        Write(
            "holed.csv",
            Encoding.UTF8,
            [
                .. Enumerable
                    .Range(1, 120)
                    .Select(i =>
                        $"images/{(i % 6 == 0 ? "gone" : string.Empty)}{i:D6}.jpg,hat {i},{Color(i)},{(i % 6 == 0 ? "val" : "train")}"
                    ),
            ],
            ",split"
        );
        Train("holed.csv", "run-holed", "--split-column", "split", "--max-lost", "1").ShouldEndWith(0);
        trained
            .Run("calibrate", "run-holed", "--data", Path.Combine("catalogue", "holed.csv"))
            .ShouldEndWith(1)
            .Error.ShouldContain("pictures missing 100 %");

        // First the command that would calibrate, then the one that repeats it.
        foreach (var round in (string[])["wanted", "repeated"])
        {
            trained.Run("report", "run-holed", "--no-explanations").ShouldEndWith(0);
            var page = ReportText.Read(Path.Combine(trained.Folder, "run-holed", "report.html"));
            foreach (var verb in (string[])["calibrate", "evaluate"])
            {
                var command = Regex
                    .Match(page, $"<code>(duet {verb} [^<]*)</code>", RegexOptions.None, TimeSpan.FromSeconds(5))
                    .Groups[1]
                    .Value;
                command.ShouldContain("--max-lost 1", customMessage: $"{round}: {verb}");
                CliProcess
                    .Shell(trained.Folder, $"{command}{(verb == "evaluate" ? " --overwrite" : string.Empty)}")
                    .ShouldEndWith(0, command);
            }
        }
    }

    private static string Color(int i) => i % 2 == 0 ? "red" : "blue";

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1].TrimEnd();

    private CliResult Train(string table, string run, params string[] more) =>
        trained.Run([
            "train",
            "--data",
            Path.Combine("catalogue", table),
            "--text",
            "title",
            "--image",
            "image",
            "--task",
            "color",
            "--preset",
            "tiny",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--no-report",
            "--output",
            run,
            .. more,
        ]);

    private void Write(string table, Encoding encoding, string[] rows, string more = "") =>
        File.WriteAllText(Path.Combine(trained.Catalogue, table), $"image,title,color{more}\n{string.Join('\n', rows)}\n", encoding);
}
