// Reads UPMC Food-101 as its public copies lie on disk.
namespace Duet.Data;

/// <summary>
/// UPMC Food-101: <c>images/{train,test}/CLASS/CLASS_N.jpg</c> and <c>texts/{train,test}_titles.csv</c>, which have no header and the
/// columns picture, title, class. Pictures without a title come last.
/// </summary>
internal static class Food101
{
    private const string TitlesSuffix = "_titles.csv";
    private static readonly string[] Stated = ["file", "title", "class"];

    public static DataColumns Defaults { get; } =
        new()
        {
            Id = "id",
            Images = ["image"],
            Texts = ["title"],
            Tasks = ["class"],
            Split = "split",
        };

    public static bool IsFolder(string folder) => FolderFiles.Of(Path.Combine(folder, "texts"), "*" + TitlesSuffix).Any();

    public static ITableRows Open(string folder, TableLimits limits)
    {
        var parts = new List<TablePart>();
        foreach (var titles in FolderFiles.Of(Path.Combine(folder, "texts"), "*" + TitlesSuffix))
        {
            var split = Path.GetFileName(titles)[..^TitlesSuffix.Length];
            var rows = new CsvTableRows(titles, ',', limits, Stated);
            parts.Add(new TablePart(Path.GetFileName(titles), rows, Derived(split)));
            parts.Add(new TablePart($"images/{split}", new ListedRows(Stated, Untitled(folder, split, rows)), Derived(split)));
        }

        return parts.Count > 0
            ? new PartedTableRows(folder, parts)
            : throw new TableException(
                $"{folder} has no texts/*{TitlesSuffix}; UPMC Food-101 has texts/train_titles.csv and images/train/CLASS/CLASS_N.jpg."
            )
            {
                File = folder,
            };
    }

    private static Dictionary<string, DerivedColumn> Derived(string split) =>
        new(StringComparer.Ordinal)
        {
            ["id"] = new(["file"], from => from[0]),
            ["image"] = new(
                ["class", "file"],
                from => from[0] is { } label && from[1] is { } file ? $"images/{split}/{label}/{file}" : null
            ),
            ["split"] = DerivedColumn.Constant(split),
        };

    // Listed when they are read, not when the table is opened: there are ninety thousand.
    private static IEnumerable<IReadOnlyList<string?>> Untitled(string folder, string split, CsvTableRows titles)
    {
        var titled = titles
            .Read(["file"])
            .Where(row => row.Problem is null && row.Cells[0].Length > 0)
            .Select(row => row.Cells[0][0])
            .ToHashSet(StringComparer.Ordinal);
        foreach (var label in FolderFiles.FoldersOf(Path.Combine(folder, "images", split)))
        {
            foreach (
                var file in FolderFiles
                    .Of(label)
                    .Select(file => Path.GetFileName(file))
                    .Where(name => FolderFiles.IsPicture(name) && !titled.Contains(name))
            )
            {
                yield return [file, null, Path.GetFileName(label)];
            }
        }
    }
}
