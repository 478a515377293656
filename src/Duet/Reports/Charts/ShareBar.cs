// How much picture and text weighed in an answer.
using System.Xml.Linq;
using Duet.Reports.Markup;

namespace Duet.Reports.Charts;

/// <summary>A bar that picture and text divide between them. The text beside it holds the same in numbers, so it says nothing to a screen reader.</summary>
internal static class ShareBar
{
    private const double Width = 100;
    private const double Height = 8;

    /// <summary>Draws one.</summary>
    /// <param name="imageShare">The picture's share, 0 to 1; the rest is the text's.</param>
    public static XElement Draw(double imageShare)
    {
        var middle = Math.Clamp(imageShare, 0, 1) * Width;
        return Html.Of(
            "svg.share",
            Html.At("viewBox", $"0 0 {Width} {Height}"),
            Html.At("preserveAspectRatio", "none"),
            Html.At("aria-hidden", "true"),
            Svg.Box("picture", 0, 0, middle, Height),
            Svg.Box("words", middle, 0, Width - middle, Height));
    }
}
