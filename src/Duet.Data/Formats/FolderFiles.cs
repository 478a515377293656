// Lists files in an order that is the same everywhere.
namespace Duet.Data;

/// <summary>Files of folders, sorted by name; links to folders are not followed.</summary>
internal static class FolderFiles
{
    private static readonly EnumerationOptions Plain = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.System };

    /// <summary>The files of a folder whose names match a pattern, letter case ignored.</summary>
    public static IEnumerable<string> Of(string folder, string pattern = "*") =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, pattern, new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive })
                .Order(StringComparer.Ordinal)
            : [];

    /// <summary>The folders in a folder.</summary>
    public static IEnumerable<string> FoldersOf(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "*", Plain).Order(StringComparer.Ordinal) : [];

    /// <summary>The files of a folder and, depth first, of the folders in it. Links to folders are left out: they may go round in
    /// circles.</summary>
    public static IEnumerable<string> Below(string folder, int depth = 8)
    {
        var inner =
            depth == 0
                ? []
                : FoldersOf(folder)
                    .Where(below => new DirectoryInfo(below).LinkTarget is null)
                    .SelectMany(below => Below(below, depth - 1));
        return Of(folder).Concat(inner);
    }

    /// <summary>Whether a name is that of a picture that can be read.</summary>
    public static bool IsPicture(string name) =>
        Path.GetExtension(name).ToUpperInvariant() is ".JPG" or ".JPEG" or ".PNG" or ".WEBP" or ".GIF" or ".BMP";
}
