// How much room a table needs, in letters.
using System.Xml.Linq;

namespace Duet.Reports.Markup;

/// <summary>
/// Estimates the narrowest box that a table fits without a word being broken, and names the class by which the style sheet takes its rows apart in
/// narrower ones. A style sheet alone cannot ask how wide a table is.
/// </summary>
internal static class TableWidth
{
    // All in the table's own em.
    private const double Letter = 0.6;
    private const double Gap = 1.25;
    private const double Drawing = 8.5;
    private const double Remark = 14;

    // Beyond this the style sheet lets a cell break its words.
    private const double WidestWord = 20;

    // What the smallest phone, a large one held across, and the page on a desk offer.
    private const double Phone = 20;
    private const double Across = 40;
    private const double Desk = 75;

    /// <summary>The classes, and below which width of the box their rows are stacked; always where null.</summary>
    public static IReadOnlyList<(string Class, string? Below)> Stacked { get; } = [(".some", "40em"), (".many", "59em"), (".most", null)];

    /// <summary>The class, with a dot before it; empty for a table that fits everywhere.</summary>
    /// <param name="heads">The column heads.</param>
    /// <param name="rows">The rows' cells.</param>
    public static string Class(IReadOnlyList<XElement> heads, IReadOnlyList<IReadOnlyList<XElement>> rows)
    {
        var need = heads.Select((head, i) => Gap + rows.Select(row => Cell(row[i])).Append(LongestWord(head.Value)).Max()).Sum();
        return need switch { <= Phone => string.Empty, <= Across => ".some", <= Desk => ".many", _ => ".most" };
    }

    private static double Cell(XElement cell)
    {
        var kinds = (cell.Attribute("class")?.Value ?? string.Empty).Split(' ');
        var drawing = cell.Elements("svg").Any() ? Drawing : 0;
        return kinds.Contains("remark") ? Remark
            : kinds.Contains("number") || kinds.Contains("interval") ? drawing + (cell.Value.Length * Letter)
            : Math.Max(drawing, LongestWord(cell.Value));
    }

    private static double LongestWord(string text) => Math.Min(text.Split(' ').Max(word => word.Length) * Letter, WidestWord);
}
