// Reads GLAMI-1M as it is published.
namespace Duet.Data;

/// <summary>
/// GLAMI-1M: <c>GLAMI-1M-{train,test}.csv</c> with item_id, image_id, name, description, geo (the country, from which the language
/// follows), category, category_name and label_source, and <c>images/IMAGE_ID.jpg</c>.
/// </summary>
internal static class Glami
{
    private const string Prefix = "GLAMI-1M-";

    public static bool IsPart(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static DataColumns Defaults(string path) =>
        new()
        {
            Id = "item_id",
            Images = ["image"],
            Texts = ["name", "description"],
            Tasks = ["category_name"],
            Split = Directory.Exists(path) ? "split" : null,
            Language = "geo",
        };

    public static ITableRows Open(string path, TableLimits limits)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;
        var files = Directory.Exists(path) ? FolderFiles.Of(path, Prefix + "*.csv").ToList() : [path];
        return files.Count > 0
            ? new PartedTableRows(
                folder,
                [.. files.Select(file => new TablePart(Path.GetFileName(file), new CsvTableRows(file, ',', limits), Derived(file)))]
            )
            : throw new TableException(
                $"{folder} has no {Prefix}*.csv; GLAMI-1M has {Prefix}train.csv, {Prefix}test.csv and images/IMAGE_ID.jpg."
            )
            {
                File = folder,
            };
    }

    private static Dictionary<string, DerivedColumn> Derived(string file) =>
        new(StringComparer.Ordinal)
        {
            ["image"] = new(["image_id"], from => from[0] is { } id ? $"images/{id}.jpg" : null),
            ["split"] = DerivedColumn.Constant(
                IsPart(Path.GetFileName(file)) ? Path.GetFileNameWithoutExtension(file)[Prefix.Length..] : string.Empty
            ),
        };
}
