// From values to places in a chart.
using Duet.Data;

namespace Duet.Pages.Charts;

/// <summary>
/// The plotting area of a chart. About as wide as a phone, so that its letters are legible there and never grow far beyond that.
/// </summary>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="HasNames">Whether there is a line above the area for the names of vertical marks.</param>
public sealed record Plot(Axis X, Axis Y, bool HasNames = false)
{
    /// <summary>Width of the drawing.</summary>
    public const double Width = 340;

    /// <summary>Height of the drawing.</summary>
    public const double Height = 232;

    /// <summary>The left edge of the area.</summary>
    public const double Left = 46;

    /// <summary>The right edge of the area.</summary>
    public const double Right = Width - 12;

    /// <summary>The lower edge of the area.</summary>
    public const double Floor = Height - 38;

    private const double LetterWidth = 7;

    /// <summary>The upper edge of the area.</summary>
    public double Top => HasNames ? 36 : 22;

    /// <summary>From a value to a horizontal place.</summary>
    public double AtX(double value) => Left + (X.Place(value) * (Right - Left));

    /// <summary>From a value to a vertical place.</summary>
    public double AtY(double value) => Floor - (Y.Place(value) * (Floor - Top));

    /// <summary>About half the width of a text.</summary>
    public static double HalfWidth(string text) => (text?.Length ?? 0) * LetterWidth / 2;

    /// <summary>Where a centered text goes that shall stand at a place and stay inside the drawing.</summary>
    public static double Inside(double place, string text) => Math.Clamp(place, HalfWidth(text), Width - HalfWidth(text));
}

/// <summary>A marked value.</summary>
/// <param name="Value">Where.</param>
/// <param name="Label">What it means.</param>
public sealed record ChartMark(double Value, string Label);

/// <summary>A point, with its uncertainty where that is known.</summary>
/// <param name="X">Along the horizontal axis.</param>
/// <param name="Y">Along the vertical axis; what is no number leaves a gap.</param>
/// <param name="Low">The lower bound of <paramref name="Y"/>.</param>
/// <param name="High">The upper bound of <paramref name="Y"/>.</param>
public readonly record struct ChartPoint(double X, double Y, double? Low = null, double? High = null);

/// <summary>A line with its name.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points from left to right.</param>
/// <param name="Style">The class of its color and dashes; null for that of its place among the lines.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points, string? Style = null);

/// <summary>The classes by which the style sheet colors what is drawn. A task has the same color in all charts of a page.</summary>
public static class SeriesStyle
{
    /// <summary>What is drawn of all tasks together.</summary>
    public const string Mean = "mean";

    // As many as the style sheet has colors and dashes for.
    private const int Styles = 6;

    /// <summary>The n-th series, counted from 0; a second round has the colors of the first and other dashes.</summary>
    public static string Of(int series) => $"s{(series % Styles) + 1}{(series / Styles % 2 == 1 ? " again" : string.Empty)}";

    /// <summary>A task, by its place among the run's tasks; one that the run does not have is drawn as the first.</summary>
    public static string Of(TaskSchema schema, string task)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var place = schema.Tasks.TakeWhile(own => !string.Equals(own.Name, task, StringComparison.Ordinal)).Count();
        return Of(place < schema.Tasks.Count ? place : 0);
    }
}
