// How places are written in a drawing.
using System.Globalization;
using System.Text;

namespace Duet.Pages.Charts;

/// <summary>
/// Writes coordinates and paths, whatever the culture. Colors and strokes come from classes alone, so that the style sheet can change them
/// with the theme.
/// </summary>
internal static class Svg
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A coordinate or a length.</summary>
    public static string At(double place) => place.ToString("0.##", Culture);

    /// <summary>A path through points, with a new beginning after each gap.</summary>
    public static string PathData(IEnumerable<(double X, double Y)?> points)
    {
        var path = new StringBuilder();
        var isPenDown = false;
        foreach (var point in points)
        {
            if (point is { } to)
            {
                path.Append(Culture, $"{(isPenDown ? 'L' : 'M')}{to.X:0.#} {to.Y:0.#}");
            }

            isPenDown = point is not null;
        }

        return path.ToString();
    }
}
