// Robustness on the page, and figures that belong to other weights.
using AngleSharp.Html.Parser;
using Duet.Evaluation.Calibration;
using Duet.Evaluation.Robustness;
using Duet.Reports;

namespace Duet.Tests.Reports;

public sealed class RobustnessSectionTests : IDisposable
{
    private readonly SampleReport sample = new();

    public void Dispose() => sample.Dispose();

    [Fact]
    public void Curves_of_the_runs_own_weights_are_shown()
    {
        Report(CalibrationFile.HashOf(Path.Combine(sample.Folder, "model.safetensors"))).Save(sample.Folder);
        var page = new HtmlParser().ParseDocument(ReportPage.Render(sample.Gather(options => options with { Explain = false })));
        page.QuerySelectorAll("#robustness figure figcaption").Select(caption => caption.TextContent)
            .ShouldBe(["Spoilt pictures: accuracy", "Spoilt pictures: the picture's share", "Spoilt texts: accuracy", "Spoilt texts: the picture's share"]);
        page.QuerySelectorAll("#robustness > details tbody tr").Length.ShouldBe(4);
        page.QuerySelector("#robustness")!.TextContent.ShouldContain("gaussian noise");
        page.QuerySelectorAll("#repeat code").ShouldContain(code => code.TextContent.Contains("duet robustness", StringComparison.Ordinal) && code.TextContent.EndsWith("--split test --seed 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_of_other_weights_are_left_out_and_that_is_said()
    {
        Report(new string('0', 64)).Save(sample.Folder);
        var data = sample.Gather(options => options with { Explain = false });
        data.Robustness.ShouldBeNull();
        data.Notes.ShouldContain(note => note.Contains("robustness.json", StringComparison.Ordinal));
    }

    private static RobustnessReport Report(string weights) => new()
    {
        Model = "cma-clip",
        Source = new RobustnessSource { Weights = weights, Table = "products.csv", TableHash = weights, Columns = string.Empty, Split = "test", Seed = 1 },
        Complete = true,
        Clean = Point(null, 0.9, 0.5),
        Curves =
        [
            new RobustnessCurve("gaussian_noise", "image", "share", [Point(0.1, 0.8, 0.4), Point(0.2, 0.6, 0.3)]),
            new RobustnessCurve("typos", "text", "share", [Point(0.1, 0.8, 0.6), Point(0.2, 0.7, 0.7)]),
        ],
    };

    private static RobustnessPoint Point(double? strength, double accuracy, double share) => new()
    {
        Strength = strength,
        N = 10,
        Tasks = new Dictionary<string, RobustnessFigures> { ["category"] = new(10, accuracy, share) },
    };
}
