// From values to places in a chart.
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
