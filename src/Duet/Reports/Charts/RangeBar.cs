// A figure with its interval, drawn inside a table's cell.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Charts;

/// <summary>A dot with whiskers on a common scale. The cell beside it holds the same in numbers, so it says nothing to a screen reader.</summary>
internal static class RangeBar
{
    private const double Width = 120;
    private const double Height = 16;
    private const double Margin = 4;

    /// <summary>Draws one.</summary>
    /// <param name="scale">The common scale of the column.</param>
    /// <param name="value">The figure.</param>
    /// <param name="low">Its lower bound, where there is one.</param>
    /// <param name="high">Its upper bound.</param>
    /// <param name="style">The class of its colour.</param>
    public static XElement Draw(Axis scale, double value, double? low, double? high, string style)
    {
        double At(double at) => Margin + (scale.Place(at) * (Width - (2 * Margin)));
        return Html.Of(
            "svg.range",
            Html.At("viewBox", $"0 0 {Width} {Height}"),
            Html.At("aria-hidden", "true"),
            Svg.Line("grid", Margin, Height / 2, Width - Margin, Height / 2),
            low is { } from && high is { } to ? Svg.Line($"whisker {style}", At(from), Height / 2, At(to), Height / 2) : null,
            Svg.Dot($"dot {style}", At(value), Height / 2, 4));
    }

    /// <summary>Draws a bar from the left end, for counts.</summary>
    /// <param name="share">How much of the whole width.</param>
    /// <param name="style">The class of its colour.</param>
    public static XElement Bar(double share, string style = "s1") => Html.Of(
        "svg.range",
        Html.At("viewBox", $"0 0 {Width} {Height}"),
        Html.At("aria-hidden", "true"),
        Svg.Box("track", 0, 4, Width, Height - 8),
        Svg.Box($"bar {style}", 0, 4, Width * Math.Clamp(share, 0, 1), Height - 8));
}
