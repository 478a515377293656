// What surrounds a drawing: its title, its legend, its numbers.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Charts;

/// <summary>Puts a drawing into a figure.</summary>
internal static class ChartFigure
{
    /// <summary>The most rows of numbers under a chart.</summary>
    public const int MostRows = 120;

    // As many as the style sheet has colours and dashes for.
    private const int Styles = 6;

    /// <summary>The class of the n-th series, counted from 0.</summary>
    public static string Style(int series) => $"s{(series % Styles) + 1}";

    /// <summary>The figure.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="drawing">The drawing.</param>
    /// <param name="legend">The names of the series, in order; none where there is only one.</param>
    /// <param name="numbers">The same as a table.</param>
    /// <param name="note">What one should know to read it.</param>
    public static XElement Of(string title, XElement drawing, IReadOnlyList<string> legend, XElement numbers, string? note = null) => Html.Of(
        "figure.chart",
        Html.Of("figcaption", Html.Given(title)),
        drawing,
        legend.Count > 1 ? Html.Of("ul.legend", legend.Select((name, i) => Html.Of("li", Swatch(i), Html.Given(name)))) : null,
        note is null ? null : Html.Of("p.note", note),
        Html.Folded("Numbers", numbers));

    /// <summary>Keeps at most so many of some values, evenly spread, the last among them.</summary>
    public static IReadOnlyList<T> Thin<T>(IReadOnlyList<T> all, int most) => all.Count <= most
        ? all
        : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))])];

    private static XElement Swatch(int series) => Html.Of(
        "svg.swatch", Html.At("viewBox", "0 0 24 8"), Html.At("aria-hidden", "true"), Svg.Line($"line {Style(series)}", 1, 4, 23, 4));
}
