// How much room a table needs, in letters.
namespace Duet.Pages.Components;

/// <summary>
/// Estimates the narrowest box that a table fits without a word being broken, and names the class by which the style sheet stacks its cells
/// in narrower ones. A style sheet alone cannot ask how wide a table is.
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
    private const double Landscape = 40;
    private const double Desk = 75;

    /// <summary>The classes, and below which width of the box their rows are stacked; always where null.</summary>
    public static IReadOnlyList<(string Class, string? Below)> Stacked { get; } = [("some", "40em"), ("many", "59em"), ("most", null)];

    /// <summary>The class of a table; null for one that fits everywhere.</summary>
    public static string? Class<TRow>(IReadOnlyList<Column<TRow>> columns, IEnumerable<TRow> rows) =>
        columns.Sum(column => Gap + rows.Select(row => Cell(column, row)).Append(LongestWord(column.Head)).Max()) switch
        {
            <= Phone => null,
            <= Landscape => "some",
            <= Desk => "many",
            _ => "most",
        };

    private static double Cell<TRow>(Column<TRow> column, TRow row)
    {
        var text = column.Text?.Invoke(row) ?? string.Empty;
        var drawing = column.ChildContent is null ? 0 : Drawing;
        return column.Class switch
        {
            "remark" => Remark,
            "interval" => drawing + (text.Length * Letter),
            _ => column.Number ? text.Length * Letter : Math.Max(drawing, LongestWord(text)),
        };
    }

    private static double LongestWord(string text) => Math.Min(text.Split(' ').Max(word => word.Length) * Letter, WidestWord);
}
