// Encoding of the pages, their tables and charts, their axes, their figures, their commands.
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using Duet.Pages;
using Duet.Pages.Charts;
using Duet.Pages.Components;
using Duet.Reports;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Components;

namespace Duet.Tests.Reports;

public sealed class MarkupTests
{
    [Fact]
    public void Any_text_comes_back_as_text_from_both_parsers() =>
        Prop.ForAll<string?>(given =>
            {
                var text = given ?? string.Empty;
                var html = Table(text);
                var box = new HtmlParser().ParseDocument(html).QuerySelector("div")!;
                var xml = XElement.Parse(html);
                var clean = box.QuerySelector("caption span")!.TextContent;
                return box.Children.Length == 1
                    && box.QuerySelector("caption span")!.Children.Length == 0
                    && box.GetAttribute("aria-label") == clean
                    && clean.Length == text.Length
                    && clean.Zip(text).All(pair => pair.First == pair.Second || pair.First == '\uFFFD')
                    && xml.Descendants("span").Single().Value == clean;
            })
            .CheckSeeded();

    [Fact]
    public void Only_what_no_document_may_hold_is_replaced()
    {
        // Half a character cannot stand in an attribute of a test, so these are no [InlineData].
        (string Text, string Expected)[] cases =
        [
            ("a\u0000b\u001f\u0085", "a\uFFFDb\uFFFD\uFFFD"),
            ("\uD83D\uDC5F \uD83D", "\U0001F45F \uFFFD"),
            ("größe 尺寸 <&>'\" &#x1; <wbr>", "größe 尺寸 <&>'\" &#x1; <wbr>"),
        ];
        foreach (var (text, expected) in cases)
        {
            XElement.Parse(Table(text)).Descendants("span").Single().Value.ShouldBe(expected);
            new HtmlParser().ParseDocument(Table(text)).QuerySelector("caption")!.TextContent.ShouldBe(expected);
        }
    }

    [Fact]
    public void Axes_cover_their_values_with_round_ticks() =>
        Prop.ForAll<NormalFloat[]>(values =>
            {
                var numbers = values.Select(value => value.Get).Where(value => Math.Abs(value) < 1e9).ToArray();
                var axis = Axis.Over("x", numbers, Format.Short);
                return axis.High > axis.Low
                    && axis.Ticks.Count is >= 1 and <= 8
                    && axis.Ticks.All(tick =>
                        tick >= axis.Low - 1e-6 * Math.Abs(axis.Low) - 1e-9 && tick <= axis.High + 1e-6 * Math.Abs(axis.High) + 1e-9
                    )
                    && numbers.All(value => axis.Place(value) is >= 0 and <= 1);
            })
            .CheckSeeded();

    [Fact]
    public void Axes_keep_to_floor_and_ceiling()
    {
        var axis = Axis.OfFractions("accuracy", [0.97, 1]);
        axis.High.ShouldBe(1);
        axis.Low.ShouldBeInRange(0.9, 0.97);
        Axis.OfFractions("accuracy", [1, 1]).High.ShouldBe(1);
        Axis.Over("accuracy", [], Format.Short).Ticks.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("runs/first", "duet report runs/first")]
    [InlineData("a b", "duet report 'a b'")]
    [InlineData("$(rm -rf ~)`x`", "duet report '$(rm -rf ~)`x`'")]
    [InlineData("it's", "duet report 'it'\\''s'")]
    [InlineData("one\ntwo", "duet report onetwo")]
    [InlineData("", "duet report ''")]
    public void Commands_are_quoted_for_a_shell(string word, string expected) => ShellCommand.Of("duet", "report", word).ShouldBe(expected);

    [Theory]
    [InlineData("duet train --data a/b.csv && duet report 'a b'", "./duet train --data a/b.csv && ./duet report 'a b'")]
    [InlineData("python duet x", "python duet x")]
    public void A_shown_command_starts_the_program_by_the_readers_name_for_it(string command, string expected)
    {
        var shown = Parse<CascadingValue<string>>(
            (nameof(CascadingValue<string>.Name), "Program"),
            (nameof(CascadingValue<string>.Value), "./duet"),
            (
                nameof(CascadingValue<string>.ChildContent),
                (RenderFragment)(
                    builder =>
                    {
                        builder.OpenComponent<CommandLine>(0);
                        builder.AddComponentParameter(1, nameof(CommandLine.Command), command);
                        builder.CloseComponent();
                    }
                )
            )
        );
        shown.Descendants("code").Single().Value.ShouldBe(expected);
        shown
            .Descendants("span")
            .Select(option => option.Value)
            .ShouldBe(expected.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal)));
        shown.Descendants("wbr").Count().ShouldBe(expected.Count(letter => letter == '/'));
    }

    [Fact]
    public void A_line_chart_draws_gaps_and_lists_its_values()
    {
        var chart = Parse<LineChart>(
            (nameof(LineChart.Id), "c"),
            (nameof(LineChart.Title), "<title>"),
            (nameof(LineChart.Description), "goes up"),
            (nameof(LineChart.X), Axis.Over("x", [1, 3], Format.Short)),
            (nameof(LineChart.Y), Axis.Over("y", [0, 1], Format.Short)),
            (
                nameof(LineChart.Series),
                (ChartSeries[])[new("one", [new(1, 0.25), new(2, double.NaN), new(3, 0.75, 0.5, 1)]), new("two", [new(2, 1)])]
            )
        );
        var path = chart.Descendants("path").First().Attribute("d")!.Value;
        path.Count(letter => letter == 'M').ShouldBe(2, "the gap parts the line");
        chart.Descendants("line").Count(line => line.Attribute("class")!.Value == "whisker s1").ShouldBe(1);
        chart.Descendants("ul").Single().Elements().Count().ShouldBe(2);
        chart
            .Descendants("tbody")
            .Single()
            .Elements("tr")
            .Select(row => string.Join(' ', row.Elements().Select(cell => cell.Value.Trim())))
            .ShouldBe(["1 0.25 –", "2 – 1", "3 0.75 –"]);
    }

    [Fact]
    public void Long_texts_are_cut_between_characters()
    {
        Format.Truncate("abcdef", 6).ShouldBe("abcdef");
        Format.Truncate("abcdefg", 6).ShouldBe("abcde…");
        Format.Truncate("abcd\U0001F45Fg", 6).ShouldBe("abcd…");
    }

    private static string Table(string caption) =>
        PageRenderer.Render<DataTable<string>>(new Dictionary<string, object?> { [nameof(DataTable<string>.Caption)] = caption });

    private static XElement Parse<TComponent>(params (string Name, object Value)[] parameters)
        where TComponent : IComponent =>
        XElement.Parse(
            PageRenderer.Render<TComponent>(parameters.ToDictionary(one => one.Name, object? (one) => one.Value)).Trim(),
            LoadOptions.PreserveWhitespace
        );
}
