// Drawings that can be made out: WCAG 2.2, section 1.4.11, asks for three to one between a graphic and what it must be told from.
namespace Duet.Tests.Reports;

public sealed class ReportContrastTests
{
    private const double Least = 3;
    private const string Paper = "paper";

    // What is drawn, with which property, and what it stands on or beside: the page itself, or another drawing's rule and property.
    public static TheoryData<string, string, string, string> Pairs()
    {
        var pairs = new TheoryData<string, string, string, string>
        {
            { ".picture", "fill", Paper, string.Empty },
            { ".words", "fill", Paper, string.Empty },
            { ".picture", "fill", ".words", "fill" },
            { ".key-picture", "background", Paper, string.Empty },
            { ".key-picture+.key-words", "background", Paper, string.Empty },
            { ".ideal", "stroke", Paper, string.Empty },
            { ".single", "stroke", Paper, string.Empty },
            { ".single", "fill", ".whisker+.whisker.s1", "stroke" },
            { ".mark", "stroke", Paper, string.Empty },
            { ".axis", "stroke", Paper, string.Empty },
            { "mark.w1", "border-bottom", Paper, string.Empty },
        };
        pairs.Add(".line+.line.mean", "stroke", Paper, string.Empty);
        for (var i = 1; i <= 6; i++)
        {
            pairs.Add($".bar+.bar.s{i}", "fill", ".track", "fill");
            pairs.Add($".pale+.pale.s{i}", "stroke", Paper, string.Empty);
            pairs.Add(".ideal", "stroke", $".pale+.pale.s{i}", "fill");
            pairs.Add(".point", "fill", $".pale+.pale.s{i}", "fill");
            pairs.Add($".line+.line.s{i}", "stroke", Paper, string.Empty);
            pairs.Add($".whisker+.whisker.s{i}", "stroke", Paper, string.Empty);
            pairs.Add($".dot.s{i}", "fill", Paper, string.Empty);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Graphics_stand_out(string drawn, string property, string beside, string other)
    {
        var sheet = StyleSheet.OfReport();
        foreach (var dark in (bool[])[false, true])
        {
            var paper = sheet.Variable("--paper", dark);
            var ground = beside == Paper ? paper : sheet.Painted(beside, other, dark, paper);
            StyleSheet
                .Contrast(sheet.Painted(drawn, property, dark, paper), ground)
                .ShouldBeGreaterThanOrEqualTo(Least, $"{drawn} against {beside}, {(dark ? "dark" : "light")}");
        }
    }

    [Fact]
    public void The_contrast_is_that_of_WCAG_and_sees_through_what_is_transparent()
    {
        StyleSheet.Contrast([1, 1, 1], [0, 0, 0]).ShouldBe(21, 1e-9);
        StyleSheet.Contrast([0x77 / 255.0, 0x77 / 255.0, 0x77 / 255.0], [1, 1, 1]).ShouldBe(4.48, 0.005);
        var sheet = new StyleSheet(
            ":root { --ink: light-dark(#000000, #ffffff); } .a { fill: var(--ink); opacity: 0.5; } .a.b { fill-opacity: 0.5; } @media "
                + "print { .a { fill: #ff0000; } }"
        );
        sheet.Painted(".a", "fill", dark: false, [1, 1, 1]).ShouldBe([0.5, 0.5, 0.5], 1e-9);
        sheet.Painted(".a+.a.b", "fill", dark: false, [1, 1, 1]).ShouldBe([0.75, 0.75, 0.75], 1e-9);
        sheet.Painted(".a", "fill", dark: true, [0, 0, 0]).ShouldBe([0.5, 0.5, 0.5], 1e-9);
    }
}
