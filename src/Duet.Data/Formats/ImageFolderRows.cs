// Reads folders of pictures whose names are the classes.
namespace Duet.Data;

/// <summary>
/// <c>CLASS/picture.jpg</c>, or <c>SPLIT/CLASS/picture.jpg</c> where all folders at the top are named like splits, or train and another one
/// are; other folders beside them are left out then. Deeper folders belong to their class. The caption of a picture is beside it in
/// <c>picture.txt</c>.
/// </summary>
internal sealed class ImageFolderRows : ITableRows
{
    private const long MaxCaptionBytes = 1 << 20;
    private const int NamesShown = 10;
    private static readonly string[] All = ["id", "image", "class", "split", "caption"];

    private readonly string _folder;
    private readonly List<string> _parts;
    private readonly bool _hasSplits;
    private readonly bool _hasCaptions;

    public ImageFolderRows(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TableException($"{folder} is not a folder; an image folder holds a folder of pictures per class.") { File = folder };
        }

        _folder = folder;
        var top = FolderFiles.FoldersOf(folder).ToList();
        var splits = top.FindAll(path => SplitOf(path) is not null);
        _hasSplits =
            splits.Count > 0
            && (
                splits.Count == top.Count
                || (splits.Exists(path => SplitOf(path) is "train") && splits.Exists(path => SplitOf(path) is not "train"))
            );
        _parts = _hasSplits ? splits : [folder];
        Notes = _hasSplits && splits.Count < top.Count ? [LeftOut(splits, [.. top.Except(splits, StringComparer.Ordinal)])] : [];
        _hasCaptions = Pictures().Take(1000).Any(picture => File.Exists(CaptionOf(picture.File)));
        Columns = [.. All.Where(column => (column is not "split" || _hasSplits) && (column is not "caption" || _hasCaptions))];
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> Notes { get; }

    public string PictureFolder => _folder;

    public DataColumns Defaults =>
        new()
        {
            Id = "id",
            Images = ["image"],
            Texts = _hasCaptions ? ["caption"] : [],
            Tasks = ["class"],
            Split = _hasSplits ? "split" : null,
        };

    public static bool IsFolder(string folder) =>
        FolderFiles.FoldersOf(folder).SelectMany(below => FolderFiles.Below(below, depth: 2)).Take(10_000).Any(FolderFiles.IsPicture);

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        var number = 0L;
        foreach (var (file, label, split) in Pictures())
        {
            number++;
            var name = Path.GetRelativePath(_folder, file);
            var caption = string.Empty;
            if (
                wanted.Contains("caption", StringComparer.Ordinal)
                && TextFile.Read(CaptionOf(file), MaxCaptionBytes, out caption) is { } problem
            )
            {
                yield return TableRow.Bad(number, QuarantineReason.InvalidEncoding, problem);
                continue;
            }

            yield return new TableRow(
                number,
                [
                    .. wanted.Select(column =>
                        Cell(
                            column switch
                            {
                                "id" or "image" => name,
                                "class" => label,
                                "split" => split,
                                _ => caption,
                            }
                        )
                    ),
                ]
            );
        }
    }

    private static string? SplitOf(string path) => Splitter.CanonicalName(Path.GetFileName(path));

    private static string LeftOut(List<string> splits, List<string> others) =>
        $"The folders {Names(splits)} are splits, so {Names(others)} beside them {(others.Count == 1 ? "is" : "are")} left out. If "
        + $"they are classes, give them other names.";

    private static string Names(List<string> paths) =>
        string.Join(", ", paths.Take(NamesShown).Select(Path.GetFileName)) + (paths.Count > NamesShown ? ", ..." : string.Empty);

    private static string[] Cell(string value) => string.IsNullOrWhiteSpace(value) ? [] : [value];

    private static string CaptionOf(string picture) => Path.ChangeExtension(picture, ".txt");

    private IEnumerable<(string File, string Label, string Split)> Pictures() =>
        from part in _parts
        from label in FolderFiles.FoldersOf(part)
        from file in FolderFiles.Below(label)
        where FolderFiles.IsPicture(file)
        select (file, Path.GetFileName(label), _hasSplits ? Path.GetFileName(part) : string.Empty);
}
