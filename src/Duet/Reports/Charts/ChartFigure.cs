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

    /// <summary>The class of the n-th series, counted from 0; a second round has the colours of the first and other dashes.</summary>
    public static string Style(int series) => $"s{(series % Styles) + 1}{(series / Styles % 2 == 1 ? " again" : string.Empty)}";

    /// <summary>The figure.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="drawing">The drawing.</param>
    /// <param name="legend">The names of the series and their classes, in order; drawn where there is more than one.</param>
    /// <param name="numbers">The same as a table.</param>
    /// <param name="note">What one should know to read it.</param>
    public static XElement Of(string title, XElement drawing, IReadOnlyList<(string Name, string Style)> legend, XElement numbers, string? note = null) => Html.Of(
        "figure.chart",
        Html.Of("figcaption", Html.Given(title)),
        drawing,
        legend.Count > 1 ? Html.Of("ul.legend", legend.Select(series => Html.Of("li", Swatch(series.Style), Html.Given(series.Name)))) : null,
        note is null ? null : Html.Of("p.note", note),
        Html.Folded("Numbers", numbers));

    /// <summary>Keeps at most so many of some values, evenly spread, the last among them.</summary>
    public static IReadOnlyList<T> Thin<T>(IReadOnlyList<T> all, int most) => all.Count <= most
        ? all
        : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))])];

    private static XElement Swatch(string style) => Html.Of(
        "svg.swatch", Html.At("viewBox", "0 0 24 8"), Html.At("aria-hidden", "true"), Svg.Line($"line {style}", 1, 4, 23, 4));
}
