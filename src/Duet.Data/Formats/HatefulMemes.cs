// Reads Hateful Memes as it is published.
namespace Duet.Data;

/// <summary>
/// Hateful Memes: JSONL files with id, img, label and text, beside a folder <c>img</c>. A folder gives train, dev_seen (or dev) and
/// test_seen (or test) as train, val and test; the unseen parts, which share memes with the seen ones, are read by naming their file.
/// </summary>
internal static class HatefulMemes
{
    private static readonly (string Split, string[] Files)[] Parts =
    [
        ("train", ["train.jsonl"]),
        ("val", ["dev_seen.jsonl", "dev.jsonl", "dev_unseen.jsonl"]),
        ("test", ["test_seen.jsonl", "test.jsonl", "test_unseen.jsonl"]),
    ];

    public static DataColumns Defaults(string path) =>
        new()
        {
            Id = "id",
            Images = ["img"],
            Texts = ["text"],
            Tasks = ["label"],
            Split = Directory.Exists(path) ? "split" : null,
        };

    public static bool IsFolder(string folder) => Directory.Exists(Path.Combine(folder, "img")) && Files(folder).Any();

    public static bool IsPart(string file) =>
        SplitOf(file) is not null && Directory.Exists(Path.Combine(Path.GetDirectoryName(file)!, "img"));

    public static ITableRows Open(string path, TableLimits limits)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;
        var files = Directory.Exists(path) ? Files(path).ToList() : [path];
        return files.Count > 0
            ? new PartedTableRows(
                folder,
                [.. files.Select(file => new TablePart(Path.GetFileName(file), new JsonlTableRows(file, limits), Derived(file)))]
            )
            : throw new TableException(
                $"{folder} has neither train.jsonl nor dev_seen.jsonl nor test_seen.jsonl; Hateful Memes has these, and a folder img."
            )
            {
                File = folder,
            };
    }

    private static Dictionary<string, DerivedColumn> Derived(string file) =>
        new(StringComparer.Ordinal) { ["split"] = DerivedColumn.Constant(SplitOf(file) ?? string.Empty) };

    private static string? SplitOf(string file) =>
        Parts.FirstOrDefault(part => part.Files.Contains(Path.GetFileName(file), StringComparer.OrdinalIgnoreCase)).Split;

    private static IEnumerable<string> Files(string folder) =>
        Parts.Select(part => part.Files.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)).OfType<string>();
}
