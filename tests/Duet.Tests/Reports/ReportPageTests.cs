// The page as a browser's parser sees it: whole, accessible, harmless.
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Duet.Inference;
using Duet.Metrics;
using Duet.Metrics.Calibration;
using Duet.Pages;
using Duet.Reports;

namespace Duet.Tests.Reports;

public sealed class ReportPageTests : IDisposable
{
    private readonly SampleReport _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Hostile_titles_labels_and_ids_stay_text()
    {
        var page = Page(_sample.GatherAll());
        page.QuerySelectorAll("script").Length.ShouldBe(1);
        page.QuerySelectorAll("style").Length.ShouldBe(1);
        page.QuerySelectorAll("b, i, iframe, object, embed, link, base, form").ShouldBeEmpty();
        page.All.SelectMany(element => element.Attributes)
            .ShouldAllBe(attribute => !attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) && attribute.Name != "style");
        page.QuerySelectorAll("#data bdi").Select(given => given.TextContent).ShouldContain(SampleReport.Attack);
        page.QuerySelectorAll(".gallery .text")
            .Select(text => string.Concat(text.TextContent.Take(50)))
            .ShouldContain(SampleReport.Attack[..50]);
        page.QuerySelectorAll("#data bdi").Select(given => given.TextContent).ShouldContain(SampleReport.Odd.Replace('\u0001', '\uFFFD'));
    }

    [Fact]
    public void The_page_needs_no_network_and_its_policy_allows_none()
    {
        var page = Page(_sample.Gather());
        foreach (var element in page.All)
        {
            foreach (var name in (string[])["src", "href", "srcset", "action", "poster", "data"])
            {
                var value = element.GetAttribute(name);
                (
                    value is null || value.StartsWith('#') || value.StartsWith("data:image/jpeg;base64,", StringComparison.Ordinal)
                ).ShouldBeTrue(value);
            }
        }

        var policy = page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content")!;
        policy.ShouldStartWith("default-src 'none'; img-src data:;");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain($"style-src '{Hash(page.QuerySelector("style")!.TextContent)}'");
        policy.ShouldContain($"script-src '{Hash(page.QuerySelector("script")!.TextContent)}'");
        page.QuerySelector("style")!.TextContent.ShouldNotContain("url(");
    }

    [Fact]
    public void Landmarks_headings_tables_and_pictures_are_accessible()
    {
        var page = Page(_sample.GatherAll());
        foreach (var landmark in (string[])["header", "nav", "main", "footer", "h1"])
        {
            page.QuerySelectorAll(landmark).Length.ShouldBe(1, landmark);
        }

        var level = 0;
        foreach (var heading in page.QuerySelectorAll("h1, h2, h3, h4, h5, h6"))
        {
            var next = heading.LocalName[1] - '0';
            next.ShouldBeLessThanOrEqualTo(level + 1, heading.TextContent);
            level = next;
        }

        page.QuerySelectorAll("th").ShouldAllBe(head => head.GetAttribute("scope") == "col" || head.GetAttribute("scope") == "row");
        page.QuerySelectorAll("table").ShouldAllBe(table => table.QuerySelector("caption") != null);
        page.QuerySelectorAll("img").ShouldNotBeEmpty();
        page.QuerySelectorAll("img").ShouldAllBe(picture => !string.IsNullOrWhiteSpace(picture.GetAttribute("alt")));
        page.QuerySelectorAll("svg")
            .ShouldAllBe(drawing => drawing.GetAttribute("aria-hidden") == "true" || drawing.GetAttribute("role") == "img");
        page.QuerySelectorAll("figure > svg")
            .ShouldAllBe(drawing =>
                drawing.QuerySelector("title")!.TextContent.Length > 0 && drawing.QuerySelector("desc")!.TextContent.Length > 10
            );
        page.QuerySelectorAll("figure")
            .ShouldAllBe(figure => figure.QuerySelector("figcaption") != null && figure.QuerySelector("details table") != null);
        page.QuerySelectorAll("button").ShouldAllBe(button => button.TextContent.Length > 0 && button.GetAttribute("type") == "button");
        page.QuerySelectorAll(".scroll, pre").ShouldAllBe(box => box.GetAttribute("tabindex") == "0");
    }

    [Fact]
    public void Every_id_is_there_once_and_every__its_own()
    {
        var page = Page(_sample.Gather());
        var ids = page.All.Select(element => element.Id).Where(id => !string.IsNullOrEmpty(id)).ToList();
        ids.ShouldBeUnique();
        var references = page.QuerySelectorAll("[aria-labelledby]")
            .SelectMany(element => element.GetAttribute("aria-labelledby")!.Split(' '))
            .Concat(page.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")![1..]));
        references.ShouldBeSubsetOf(ids!);
    }

    [Fact]
    public void The_page_is_well_formed_xml_as_well()
    {
        var html = ReportPage.Render(_sample.GatherAll());
        XDocument.Parse(html).Root!.Name.LocalName.ShouldBe("html");
    }

    [Fact]
    public void All_parts_of_a_measured_run_are_there()
    {
        var page = Page(
            _sample.Gather(options =>
                options with
                {
                    Data = new TableSource(_sample.Table),
                    Split = "train",
                    Against = _sample.Folder,
                    TrainingCommand = "duet train --x",
                }
            )
        );
        page.QuerySelectorAll("#results tbody tr").Length.ShouldBeGreaterThan(3);
        page.QuerySelectorAll("#precision-recall figure").Length.ShouldBe(3);
        page.QuerySelectorAll("#reliability figure").Length.ShouldBe(3);
        page.QuerySelectorAll("#confusions h3").Length.ShouldBe(2, "a task with several labels has no pairs");
        page.QuerySelectorAll("#examples h3").Length.ShouldBe(3);
        page.QuerySelectorAll("#shares svg").Length.ShouldBe(3);
        page.QuerySelector("#second-run")!.TextContent.ShouldContain("McNemar");
        page.QuerySelectorAll("#training figure").Length.ShouldBe(3);
        page.QuerySelector("#data")!.TextContent.ShouldContain("image missing");
        page.QuerySelector("#model")!.TextContent.ShouldContain("CMA-CLIP");
        page.QuerySelectorAll("#repeat code").Select(code => code.TextContent).ShouldContain("duet train --x");
        page.QuerySelectorAll("#repeat code")
            .ShouldContain(code => code.TextContent.StartsWith($"duet evaluate {_sample.Folder}", StringComparison.Ordinal));
        page.QuerySelectorAll("#ablation code").Length.ShouldBe(1);
    }

    [Fact]
    public void Every_example_shows_occlusion_and_attention_and_the_page_says_what_attention_is_not()
    {
        var page = Page(_sample.Gather());
        page.QuerySelectorAll("#examples .card").ShouldAllBe(card => card.QuerySelectorAll(".why").Length == 2);
        var cards = page.QuerySelectorAll("#examples .card")
            .Where(card => card.QuerySelector(".head img") != null && card.QuerySelector(".words mark, .words bdi") != null)
            .ToList();
        cards.ShouldNotBeEmpty();
        foreach (var card in cards)
        {
            var attention = card.QuerySelectorAll(".why")[1];
            attention.QuerySelector("p.note")!.TextContent.ShouldBe("By attention");
            attention.QuerySelector("img")!.GetAttribute("alt")!.ShouldStartWith("The picture, bright where the attention lies for ");
            attention.QuerySelectorAll("mark.w3").ShouldNotBeEmpty("the word with most attention is marked");
        }

        page.QuerySelector("#examples")!.TextContent.ShouldContain("does not prove that it matters");

        // After training there is attention alone, and the way to the rest.
        var quick = Page(_sample.Gather(options => options with { Occlusion = false })).QuerySelector("#examples")!;
        quick.QuerySelectorAll(".card").ShouldAllBe(card => card.QuerySelectorAll(".why").Length == 1);
        quick.QuerySelector(".command code")!.TextContent.ShouldBe($"duet report {_sample.Folder}");
        quick.TextContent.ShouldContain("does not prove that it matters");
        quick.TextContent.ShouldNotContain("how much less likely the answer becomes");
    }

    [Fact]
    public void Every_answer_says_in_numbers_how_much_picture_and_text_weighed()
    {
        var data = _sample.Gather(options => options with { Explain = false });
        var rows = Page(data).QuerySelectorAll("#examples .answers tbody tr");
        var shares = data.Measured!.Wrong.Concat(data.Measured.Uncertain)
            .Concat(data.Measured.Right)
            .SelectMany(product => product.Answers)
            .Select(answer => answer.ImageShare!.Value)
            .ToList();
        rows.Select(row => row.QuerySelector(".weighed")!.TextContent)
            .ShouldBe(shares.Select(share => FormattableString.Invariant($"picture {100 * share:0} %, text {100 * (1 - share):0} %")));
        rows.ShouldAllBe(row => !row.QuerySelector(".weighed")!.ClassList.Contains("hidden"));
    }

    [Fact]
    public void Every_answer_of_a_calibrated_run_says_what_was_decided()
    {
        Page(_sample.Gather(options => options with { Explain = false }))
            .QuerySelectorAll("#examples .decision")
            .ShouldBeEmpty("nothing is decided without a calibration");
        _sample.Calibrate(new CalibrationOptions { Precision = 0.05, Confidence = 0.5 });
        var data = _sample.Gather(options => options with { Explain = false });
        using var model = DuetModel.Load(_sample.Folder, SampleReport.Options.Use);
        foreach (var product in data.Measured!.Wrong.Concat(data.Measured.Uncertain).Concat(data.Measured.Right))
        {
            // Of the task with several labels the confidence shown is a mean over classes, which decides nothing.
            foreach (
                var (answer, i) in product
                    .Answers.Take(2)
                    .Select((answer, i) => (answer, i))
                    .Where(shown => shown.answer.Decision!.Text != "review: unlike the catalogue")
            )
            {
                answer.Decision!.Accepted.ShouldBe(
                    model.Calibration!.Certificates[0].Tasks[i].Threshold.Accepts(answer.Confidence),
                    product.Id
                );
            }
        }

        Page(data)
            .QuerySelectorAll("#examples .decision")
            .Select(cell => cell.TextContent)
            .ShouldAllBe(text => text == "accepted" || text.StartsWith("review: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_on_the_rows_of_training_say_that_they_flatter()
    {
        var train = _sample.Gather(options => options with { Explain = false, Data = new TableSource(_sample.Table), Split = "train" });
        var page = Page(train);
        page.QuerySelector("#results .notice")!.TextContent.ShouldContain("rows that the model was trained on");
        page.QuerySelectorAll("header .notice")
            .Select(notice => notice.TextContent)
            .ShouldContain(page.QuerySelector("#results .notice")!.TextContent);
        var clean = Page(_sample.Gather(options => options with { Explain = false }));
        clean.QuerySelectorAll("#results .notice").ShouldBeEmpty("the test split is clean");
        clean
            .QuerySelectorAll("header .notice")
            .ShouldHaveSingleItem()
            .TextContent.ShouldContain("pictures missing 8.3 % (2 of 24)", Case.Sensitive, "this run was trained with them");
        var leak = train with
        {
            Data = train.Data! with { Leak = "3 rows leak" },
            Measured = train.Measured! with { Report = train.Measured.Report with { Split = "test" } },
        };
        Page(leak).QuerySelector("#results .notice")!.TextContent.ShouldBe("3 rows leak");
    }

    [Fact]
    public void A_table_that_shows_a_part_of_the_classes_says_so()
    {
        _sample.Calibrate(
            new CalibrationOptions
            {
                Precision = 0.05,
                Confidence = 0.5,
                PerClass = true,
            }
        );
        var data = _sample.Gather(options => options with { Explain = false });
        var (report, calibration) = (data.Measured!.Report, data.Run.Calibration!);
        var scores = Enumerable.Range(0, 130).Select(i => new ClassScores($"class {i}", 200 - i, 1, 0, 0, 0)).ToList();
        var many = data with
        {
            Measured = data.Measured with
            {
                Report = report with
                {
                    Tasks = report.Tasks.ToDictionary(
                        task => task.Key,
                        task => task.Value with { PerClass = task.Key == "color" ? scores : task.Value.PerClass }
                    ),
                },
            },
            Run = data.Run with
            {
                Calibration = calibration with
                {
                    Certificates =
                    [
                        .. calibration
                            .Certificates.Take(1)
                            .Select(certificate =>
                                certificate with
                                {
                                    Tasks =
                                    [
                                        .. certificate.Tasks.Select(task =>
                                            task.Task == "color"
                                                ? task with
                                                {
                                                    Classes = scores.ToDictionary(one => one.Class, _ => new PrecisionThreshold()),
                                                }
                                                : task
                                        ),
                                    ],
                                }
                            ),
                    ],
                },
            },
        };
        var captions = Page(many).QuerySelectorAll("caption").Select(caption => caption.TextContent).ToList();
        captions.ShouldContain("Classes of color, the 120 largest of 130");
        captions.ShouldContain("Classes of category, the largest first");
        captions.ShouldContain("Thresholds by class of color, picture and text, the first 120 of 130");
        captions.ShouldContain("Thresholds by class of category, picture and text");
    }

    [Fact]
    public void All_figures_come_on_paper_though_they_are_folded()
    {
        var fold = Page(_sample.Gather(options => options with { Explain = false }))
            .QuerySelectorAll("details.paper")
            .ShouldHaveSingleItem();
        fold.QuerySelector("caption")!.TextContent.ShouldStartWith("All metrics on");
        fold.HasAttribute("open").ShouldBeFalse();
    }

    [Fact]
    public void Without_a_table_every_part_says_which_command_would_fill_it()
    {
        File.Delete(_sample.Table);
        var data = _sample.Gather();
        data.Measured.ShouldBeNull();
        data.Notes.ShouldHaveSingleItem().ShouldContain("products.csv");
        var page = Page(data);
        foreach (
            var id in (string[])
                [
                    "results",
                    "shares",
                    "precision-recall",
                    "reliability",
                    "confusions",
                    "examples",
                    "taxonomy",
                    "slices",
                    "second-run",
                    "ablation",
                ]
        )
        {
            page.QuerySelector($"#{id} code")!.TextContent.ShouldStartWith("duet report");
        }

        page.QuerySelector("#calibration code")!.TextContent.ShouldStartWith("duet calibrate");
        page.QuerySelectorAll("#training figure").Length.ShouldBe(3, "the curves need no table");
    }

    private static IDocument Page(ReportData data) => new HtmlParser().ParseDocument(ReportPage.Render(data));

    private static string Hash(string code) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
