// Recognises a cell that holds several picture paths where one is expected.
namespace Duet.Data;

/// <summary>Cells that are lists of pictures: <c>a.jpg;b.jpg</c>, <c>a.jpg|b.jpg</c>, a JSON list, several addresses.</summary>
internal static class PictureList
{
    /// <summary>What to do about them.</summary>
    public const string Advice =
        "A cell of a .csv names one picture: give every picture its own column and name each with --image (--image image1 --image image2), "
        + "or keep the first alone; in .jsonl the value may be an array, \"image\": [\"a.jpg\", \"b.jpg\"].";

    private static readonly char[] Separators = [';', '|', ',', '\n', '\t'];

    private static readonly string[] Extensions =
    [
        ".jpg",
        ".jpeg",
        ".png",
        ".webp",
        ".gif",
        ".bmp",
        ".jfif",
        ".tif",
        ".tiff",
        ".avif",
        ".heic",
    ];

    /// <summary>Whether the cell looks like a list. A file may be named like one; that is up to the caller.</summary>
    public static bool Looks(string cell)
    {
        var text = cell.Trim();
        if (text is ['[', .., ']'] or ['{', .., '}'] or ['(', .., ')'])
        {
            return Array.Exists(Extensions, extension => text.Contains(extension, StringComparison.OrdinalIgnoreCase));
        }

        return Array.Exists(
                Separators,
                separator => IsList(text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            ) || IsList(text.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsList(string[] parts) => parts.Length > 1 && Array.TrueForAll(parts, IsPicture);

    // Also an address with a query after the name.
    private static bool IsPicture(string part)
    {
        var name = part.Trim('"', '\'');
        var end = name.Contains("://", StringComparison.Ordinal) ? name.IndexOfAny(['?', '#']) : -1;
        var path = end < 0 ? name : name[..end];
        return Array.Exists(
            Extensions,
            extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && path.Length > extension.Length
        );
    }
}
