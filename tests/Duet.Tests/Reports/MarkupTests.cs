// Encoding of the page, its axes, its words, its commands.
using System.Text;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using Duet.Reports;
using Duet.Reports.Charts;
using Duet.Reports.Markup;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Tests.Reports;

public sealed class MarkupTests
{
    [Fact]
    public void Any_text_comes_back_as_text_from_both_parsers() => Prop.ForAll<string?>(given =>
    {
        var text = given ?? string.Empty;
        var written = new StringBuilder();
        HtmlWriter.Write(Html.Of("p", Html.At("title", text), Html.Given(text)), written);
        var paragraph = new HtmlParser().ParseDocument(written.ToString()).QuerySelector("p")!;
        var clean = new string([.. paragraph.TextContent]);
        return paragraph.Children.Length == 1
            && paragraph.GetAttribute("title") == clean
            && clean.Length == text.Length
            && clean.Zip(text).All(pair => pair.First == pair.Second || pair.First == '\uFFFD')
            && XElement.Parse(written.ToString()).Elements().Single().Name == "bdi";
    }).CheckSeeded();

    [Fact]
    public void Only_what_no_document_may_hold_is_replaced()
    {
        // Half a character cannot stand in an attribute of a test, so these are no [InlineData].
        (string Text, string Expected)[] cases =
        [
            ("a\u0000b\u001f", "a\uFFFDb\uFFFD"),
            ("\uD83D\uDC5F \uD83D", "\U0001F45F \uFFFD"),
            ("größe 尺寸 <&>'\"", "größe 尺寸 <&>'\""),
        ];
        foreach (var (text, expected) in cases)
        {
            var written = new StringBuilder();
            HtmlWriter.Write(Html.Of("p", text), written);
            XElement.Parse(written.ToString()).Value.ShouldBe(expected);
        }
    }

    [Fact]
    public void Code_that_would_end_its_element_is_refused() =>
        Should.Throw<InvalidOperationException>(() => HtmlWriter.Write(Html.Of("script", "if (a </script> b)"), new StringBuilder()));

    [Fact]
    public void Axes_cover_their_values_with_round_ticks() => Prop.ForAll<NormalFloat[]>(values =>
    {
        var numbers = values.Select(value => value.Get).Where(value => Math.Abs(value) < 1e9).ToArray();
        var axis = Axis.Over("x", numbers, Words.Short);
        return axis.High > axis.Low
            && axis.Ticks.Count is >= 1 and <= 8
            && axis.Ticks.All(tick => tick >= axis.Low - 1e-6 * Math.Abs(axis.Low) - 1e-9 && tick <= axis.High + 1e-6 * Math.Abs(axis.High) + 1e-9)
            && numbers.All(value => axis.Place(value) is >= 0 and <= 1);
    }).CheckSeeded();

    [Fact]
    public void Axes_keep_to_floor_and_ceiling()
    {
        var axis = Axis.Over("share", [0.97, 1], Words.Short, floor: 0, ceiling: 1);
        axis.High.ShouldBe(1);
        axis.Low.ShouldBeInRange(0.9, 0.97);
        Axis.Over("share", [1, 1], Words.Short, floor: 0, ceiling: 1).High.ShouldBe(1);
        Axis.Over("share", [], Words.Short).Ticks.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("runs/first", "duet report runs/first")]
    [InlineData("a b", "duet report 'a b'")]
    [InlineData("$(rm -rf ~)`x`", "duet report '$(rm -rf ~)`x`'")]
    [InlineData("it's", "duet report 'it'\\''s'")]
    [InlineData("one\ntwo", "duet report onetwo")]
    [InlineData("", "duet report ''")]
    public void Commands_are_quoted_for_a_shell(string word, string expected) => ShellCommand.Of("duet", "report", word).ShouldBe(expected);

    [Fact]
    public void A_line_chart_draws_gaps_and_tells_its_numbers()
    {
        var chart = new LineChart
        {
            Id = "c",
            Title = "<title>",
            Description = "goes up",
            X = Axis.Over("x", [1, 3], Words.Short),
            Y = Axis.Over("y", [0, 1], Words.Short),
            Series = [new ChartSeries("one", [new(1, 0.25), new(2, double.NaN), new(3, 0.75, 0.5, 1)]), new ChartSeries("two", [new(2, 1)])],
        }.Draw();
        var path = chart.Descendants("path").First().Attribute("d")!.Value;
        path.Count(letter => letter == 'M').ShouldBe(2, "the gap parts the line");
        chart.Descendants("line").Count(line => line.Attribute("class")!.Value == "whisker s1").ShouldBe(1);
        chart.Descendants("ul").Single().Elements().Count().ShouldBe(2);
        chart.Descendants("tbody").Single().Elements("tr").Select(row => string.Join(' ', row.Elements().Select(cell => cell.Value)))
            .ShouldBe(["1 0.25 –", "2 – 1", "3 0.75 –"]);
    }

    [Fact]
    public void Long_texts_are_cut_between_characters()
    {
        Words.Cut("abcdef", 6).ShouldBe("abcdef");
        Words.Cut("abcdefg", 6).ShouldBe("abcde…");
        Words.Cut("abcd\U0001F45Fg", 6).ShouldBe("abcd…");
    }
}
