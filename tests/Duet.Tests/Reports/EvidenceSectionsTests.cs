// What stands behind trust on the page: kept promises, levels, slices, ablations.
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Pages;
using Duet.Reports;
using Duet.Runs;

namespace Duet.Tests.Reports;

public sealed class EvidenceSectionsTests : IDisposable
{
    private readonly SampleReport _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_calibrated_run_shows_what_is_accepted_and_whether_the_promise_was_kept()
    {
        var data = _sample.GatherAll(options => options with { Explain = false });
        var page = Page(data);
        var figures = data.Measured!.Report.Decisions!["category"];
        var kept = page.QuerySelectorAll("#calibration table")
            .Single(table => table.QuerySelector("caption")!.TextContent.StartsWith("Results on the rows", StringComparison.Ordinal));
        var row = kept.QuerySelectorAll("tbody tr")[0].Children.Select(cell => cell.TextContent).ToList();
        var (inputs, pattern) = figures.Patterns!.First();
        row[0].ShouldBe($"category, {inputs}");
        row[1].ShouldBe($"{pattern.Accepted}");
        row[2].ShouldBe($"{pattern.Rows - pattern.Accepted}");
        row[7].ShouldBeOneOf("kept", "within chance", "broken", "nothing accepted", "not reachable");
        page.QuerySelectorAll("#calibration caption")
            .Select(caption => caption.TextContent)
            .Count(caption => caption.StartsWith("Thresholds for ", StringComparison.Ordinal))
            .ShouldBe(data.Run.Calibration!.Certificates.Count);
        page.QuerySelectorAll("#calibration caption")
            .Select(caption => caption.TextContent)
            .ShouldContain("Products unlike the catalog; all of their answers need review");
        page.QuerySelector("#calibration figure figcaption")!.TextContent.ShouldBe("Precision of accepted answers");
        page.QuerySelector("#calibration svg desc")!.TextContent.ShouldContain("promised 5.0 %");
        page.QuerySelectorAll("#calibration figure > svg line.mark").Length.ShouldBe(1, "the promise is marked");
    }

    [Fact]
    public void Thresholds_by_class_are_shown()
    {
        _sample.Calibrate(
            new CalibrationOptions
            {
                Precision = 0.05,
                Confidence = 0.5,
                PerClass = true,
            }
        );
        var page = Page(_sample.Gather(options => options with { Explain = false }));
        page.QuerySelectorAll("#calibration details table")
            .Count(table => table.QuerySelector("caption")!.TextContent.StartsWith("Thresholds by class", StringComparison.Ordinal))
            .ShouldBe(9, "three tasks by three combinations of inputs");
    }

    [Fact]
    public void The_command_of_a_calibration_names_what_is_not_usual()
    {
        _sample.Calibrate(new CalibrationOptions { Precision = 0.05, Confidence = 0.5 });
        Command().ShouldEndWith("--precision 0.05 --confidence 0.5");
        var use = SampleReport.Options.Use with { Threshold = 0.3f };
        _sample.Calibrate(
            new CalibrationOptions
            {
                Precision = 0.05,
                Confidence = 0.99995,
                Method = CalibrationMethod.Isotonic,
                FitShare = 0.45,
                Outside = 0.02,
                Seed = 1234567,
            },
            use
        );
        Command(use)
            .ShouldEndWith(
                "--precision 0.05 --confidence 0.99995 --method isotonic --fit-share 0.45 --outside 0.02 --seed 1234567 --threshold 0.3"
            );

        string Command(ModelUseOptions? use = null) =>
            _sample
                .Gather(options => options with { Explain = false, Use = use ?? options.Use })
                .Commands.Single(command => command.Command.StartsWith("duet calibrate", StringComparison.Ordinal))
                .Command;
    }

    [Fact]
    public void A_taxonomy_shows_its_levels_and_where_answers_end()
    {
        var data = _sample.GatherAll(options => options with { Explain = false });
        var page = Page(data);
        var figures = data.Measured!.Report.Hierarchy!["category"];
        page.QuerySelectorAll("#taxonomy figure figcaption").Select(caption => caption.TextContent).ShouldBe(["Accuracy by level"]);
        var levels = page.QuerySelectorAll("#taxonomy > .scroll table")[1].QuerySelectorAll("tbody tr");
        levels.Length.ShouldBe(figures.Backoff!.Levels.Count);
        levels.Select(level => level.Children[1].TextContent).ShouldBe(figures.Backoff.Levels.Select(level => $"{level.Answered}"));
        figures.Backoff.Levels.Sum(level => level.Answered).ShouldBe(figures.Backoff.Answered);

        // Without a calibration the section says how to get answers that back off.
        File.Delete(Path.Combine(_sample.Folder, "calibration.json"));
        Page(_sample.Gather(options => options with { Explain = false }))
            .QuerySelector("#taxonomy code")!
            .TextContent.ShouldStartWith("duet calibrate");
    }

    [Fact]
    public void A_run_without_a_taxonomy_says_how_to_train_with_one() =>
        Page(_sample.Gather(options => options with { Explain = false, TrainingCommand = "duet train --x" }))
            .QuerySelector("#taxonomy code")!
            .TextContent.ShouldBe("duet train --x --taxonomy category=FILE");

    [Fact]
    public void Slices_are_drawn_by_inputs_and_by_columns()
    {
        var data = _sample.GatherAll(options => options with { Explain = false });
        var page = Page(data);
        page.QuerySelectorAll("#slices h3").Select(heading => heading.TextContent).ShouldBe(["By available inputs", "By category"]);
        page.QuerySelectorAll("#slices figure").Length.ShouldBe(6, "three tasks by two columns");
        var numbers = page.QuerySelectorAll("#slices figure")[3];
        numbers.QuerySelectorAll("tbody th").Select(head => head.TextContent).ShouldContain(SampleReport.Attack);
        numbers
            .QuerySelectorAll("circle.dot")
            .Length.ShouldBe(data.Measured!.Report.Slices!["category"].Tasks["category"].Count(slice => slice.Value.N > 0));
        page.QuerySelectorAll("#repeat code")
            .ShouldContain(code =>
                code.TextContent.StartsWith("duet report", StringComparison.Ordinal)
                && code.TextContent.Contains("--slice category", StringComparison.Ordinal)
            );
        Should
            .Throw<Duet.TableException>(() => _sample.Gather(options => options with { SliceColumns = ["language"] }))
            .Message.ShouldContain("language");
    }

    [Fact]
    public void An_ablation_shows_spread_intervals_and_paired_differences()
    {
        var page = Page(_sample.GatherAll(options => options with { Explain = false }));
        var section = page.QuerySelector("#ablation")!;
        var first = section.QuerySelectorAll("tbody")[0].QuerySelectorAll("tr");
        first
            .Select(row => row.Children[0].TextContent)
            .ShouldBe(["cma-clip", "cma-clip:sequence_wise_attention=false", Shown(SampleReport.Attack + SampleReport.Odd), "broken"]);
        first[0].Children.Skip(1).Take(3).Select(cell => cell.TextContent).ShouldBe(["90.0 % ± 1.4", "88.0–92.0 %", "90.0 % ± 1.4"]);
        section
            .QuerySelectorAll("figure figcaption")
            .Select(caption => caption.TextContent)
            .ShouldBe(["Mean over tasks", "Difference to cma-clip"]);
        section.QuerySelectorAll("figure")[0].QuerySelectorAll("circle.single").Length.ShouldBe(6, "two seeds of three systems");
        var differences = section.QuerySelectorAll("figure")[1];
        differences.QuerySelectorAll("line.whisker").Length.ShouldBe(2);
        differences.QuerySelectorAll("line.mark").Length.ShouldBe(1, "no difference is marked");
        differences
            .QuerySelectorAll("tbody tr")
            .Select(row => string.Join(" | ", row.Children.Skip(1).Select(cell => cell.TextContent)))
            .ShouldBe(["−2.0 | −4.5 to +0.4 | 0.110 | no", "−30.0 | −35.0 to −24.0 | < 0.001 | yes", "– | – | – | –"]);
        differences.QuerySelectorAll("thead th")[^1].TextContent.ShouldBe("significant (p < 0.05)");
        differences.QuerySelector(".note")!.TextContent.ShouldContain("spread between seeds");
        section.TextContent.ShouldNotContain("luck");
        section.TextContent.ShouldContain("Failed: broken, seed 1");
        section
            .QuerySelector(".repeat code")!
            .TextContent.ShouldBe(ShellCommand.Of("duet", "ablate", "--data", "my table.csv", "--task", SampleReport.Attack));
        page.QuerySelectorAll("#repeat code")
            .ShouldContain(code => code.TextContent.Contains($"--ablation {_sample["ablation"]}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_is_part_of_a_comparison_finds_it_unasked()
    {
        SampleReport.WriteComparison(_sample["output"]);
        var inside = Path.Combine(_sample["output"], "runs", "a", "seed-2");
        Directory.CreateDirectory(inside);
        foreach (var file in Directory.EnumerateFiles(_sample.Folder))
        {
            File.Copy(file, Path.Combine(inside, Path.GetFileName(file)));
        }

        var page = Page(Gather(inside));
        page.QuerySelector("#ablation > p")!.TextContent.ShouldBe("This run belongs to cma-clip.");
        page.QuerySelectorAll("#ablation tr.own th").ShouldHaveSingleItem().TextContent.ShouldBe("cma-clip");
        page.QuerySelectorAll("#ablation svg text.own").Select(name => name.TextContent).ShouldBe(["cma-clip"]);

        // The file above a run that it does not list, or that cannot be read, does not spoil the report.
        var other = Path.Combine(_sample["output"], "runs", "a", "seed-3");
        Directory.Move(inside, other);
        Gather(other).Comparison.ShouldBeNull();
        File.WriteAllText(Path.Combine(_sample["output"], "comparison.json"), "{");
        Gather(other).Notes.ShouldContain(note => note.Contains("comparison.json", StringComparison.Ordinal));

        static ReportData Gather(string folder) => ReportGatherer.Gather(folder, SampleReport.Options with { Explain = false });
    }

    [Theory]
    [InlineData("\"systems\": [", "\"systems\": [null, ")]
    [InlineData("\"split\": \"test\"", "\"split\": null")]
    [InlineData("\"mean\": 0.9,", "\"mean\": 1e300,")]
    [InlineData("\"runs\": [", "\"runs\": [null, ")]
    [InlineData("\"ablate\"", "\"pull\"")]
    [InlineData("\"ablate\",", "\"ablate\", null,")]
    public void A_comparison_that_is_none_is_named(string from, string to)
    {
        SampleReport.WriteComparison(_sample["ablation"]);
        var file = Path.Combine(_sample["ablation"], "comparison.json");
        var text = File.ReadAllText(file);
        text.ShouldContain(from);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
        Should
            .Throw<RunException>(() => _sample.Gather(options => options with { Comparison = _sample["ablation"] }))
            .Message.ShouldContain("comparison.json");
    }

    private static string Shown(string text) => text.Replace('\u0001', '\uFFFD');

    private static IDocument Page(ReportData data) => new HtmlParser().ParseDocument(ReportPage.Render(data));
}
