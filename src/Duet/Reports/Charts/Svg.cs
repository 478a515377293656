// The pieces of a drawing.
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Charts;

/// <summary>Makes SVG elements. Colours and strokes come from classes alone, so that the style sheet can change them with the theme.</summary>
internal static class Svg
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A drawing that tells what it shows to those who do not see it.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="width">Width of the drawing's own coordinates.</param>
    /// <param name="height">Height of the drawing's own coordinates.</param>
    /// <param name="title">Its name.</param>
    /// <param name="description">What there is to see.</param>
    /// <param name="content">The drawing.</param>
    public static XElement Image(string id, double width, double height, string title, string description, params object?[] content) => Html.Of(
        "svg",
        Html.At("viewBox", string.Create(Culture, $"0 0 {width:0.##} {height:0.##}")),
        Html.At("role", "img"),
        Html.At("aria-labelledby", $"{id}-title {id}-desc"),
        Html.Of("title", Html.At("id", $"{id}-title"), title),
        Html.Of("desc", Html.At("id", $"{id}-desc"), description),
        content);

    /// <summary>A straight line.</summary>
    public static XElement Line(string kind, double x1, double y1, double x2, double y2) =>
        Html.Of($"line.{kind}", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2));

    /// <summary>A rectangle.</summary>
    public static XElement Box(string kind, double x, double y, double width, double height) =>
        Html.Of($"rect.{kind}", At("x", x), At("y", y), At("width", Math.Max(width, 0)), At("height", Math.Max(height, 0)));

    /// <summary>A dot.</summary>
    public static XElement Dot(string kind, double x, double y, double radius) => Html.Of($"circle.{kind}", At("cx", x), At("cy", y), At("r", radius));

    /// <summary>A text; <paramref name="anchor"/> is start, middle or end.</summary>
    public static XElement Text(string kind, double x, double y, string anchor, string text) =>
        Html.Of($"text.{kind}", At("x", x), At("y", y), Html.At("text-anchor", anchor), text);

    /// <summary>A path through points, with a new beginning after each gap.</summary>
    public static XElement Path(string kind, IEnumerable<(double X, double Y)?> points)
    {
        var path = new StringBuilder();
        var pen = false;
        foreach (var point in points)
        {
            if (point is { } at)
            {
                path.Append(Culture, $"{(pen ? 'L' : 'M')}{at.X:0.#} {at.Y:0.#}");
            }

            pen = point is not null;
        }

        return Html.Of($"path.{kind}", Html.At("d", path.ToString()));
    }

    private static XAttribute At(string name, double value) => Html.At(name, value.ToString("0.##", Culture));
}
