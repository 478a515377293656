// Robustness on the page, and figures that belong to other weights.
using AngleSharp.Html.Parser;
using Duet.Pages;

namespace Duet.Tests.Reports;

public sealed class RobustnessSectionTests : IDisposable
{
    private readonly SampleReport _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Curves_of_the_runs_own_weights_are_shown()
    {
        _sample.WriteRobustness();
        var page = new HtmlParser().ParseDocument(ReportPage.Render(_sample.Gather(options => options with { Explain = false })));
        page.QuerySelectorAll("#robustness figure figcaption")
            .Select(caption => caption.TextContent)
            .ShouldBe([
                "Corrupted pictures: mean accuracy",
                "Corrupted pictures: picture's weight",
                "Corrupted texts: mean accuracy",
                "Corrupted texts: picture's weight",
            ]);
        page.QuerySelectorAll("#robustness > details tbody tr").Length.ShouldBe(4);
        page.QuerySelector("#robustness")!.TextContent.ShouldContain("gaussian noise");
        page.QuerySelectorAll("#repeat code")
            .ShouldContain(code =>
                code.TextContent.Contains("duet robustness", StringComparison.Ordinal)
                && code.TextContent.EndsWith("--split test --seed 1", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void A_damaged_file_is_left_out_and_that_is_said()
    {
        File.WriteAllText(
            Path.Combine(_sample.Folder, "robustness.json"),
            """{"format_version": 1, "model": "clip", "source": null, "clean": null}"""
        );
        var data = _sample.Gather(options => options with { Explain = false });
        data.Robustness.ShouldBeNull();
        data.Measured.ShouldNotBeNull();
        data.Notes.ShouldContain(note => note.Contains("robustness.json is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_of_other_weights_are_left_out_and_that_is_said()
    {
        _sample.WriteRobustness(new string('0', 64));
        var data = _sample.Gather(options => options with { Explain = false });
        data.Robustness.ShouldBeNull();
        data.Notes.ShouldContain(note => note.Contains("robustness.json", StringComparison.Ordinal));
    }
}
