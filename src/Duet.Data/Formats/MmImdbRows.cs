// Reads MM-IMDb as it is published.
using System.Text.Json;

namespace Duet.Data;

/// <summary>
/// MM-IMDb: <c>dataset/ID.json</c> with title, plot (several) and genres, <c>dataset/ID.jpeg</c>, and <c>split.json</c> with lists of ids.
/// The plot is the longest one, as the data set's authors and MMBT take it.
/// </summary>
internal sealed class MmImdbRows : ITableRows
{
    private const int MaxFilmBytes = 4 << 20;
    private const int MaxSplitBytes = 64 << 20;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };
    private static readonly string[] All = ["id", "image", "title", "plot", "genres", "year", "split"];

    private readonly string _folder;
    private readonly TableLimits _limits;
    private readonly IReadOnlyList<(string Id, string Split)> _films;

    public MmImdbRows(string folder, TableLimits limits)
    {
        (_folder, _limits) = (folder, limits);
        _films = File.Exists(SplitFile(folder)) ? ReadSplits(SplitFile(folder)) : [.. Listed(folder)];
        Columns = [.. All.Where(column => column is not "split" || File.Exists(SplitFile(folder)))];
        if (_films.Count == 0)
        {
            throw new TableException($"{folder} has no films; MM-IMDb has dataset/ID.json, dataset/ID.jpeg and split.json.")
            {
                File = folder,
            };
        }
    }

    public IReadOnlyList<string> Columns { get; }

    public string PictureFolder => _folder;

    public static DataColumns Defaults(string folder) =>
        new()
        {
            Id = "id",
            Images = ["image"],
            Texts = ["plot"],
            MultiLabelTasks = ["genres"],
            Split = File.Exists(SplitFile(folder)) ? "split" : null,
        };

    public static bool IsFolder(string folder) =>
        Directory.Exists(Path.Combine(folder, "dataset"))
        && (File.Exists(SplitFile(folder)) || FolderFiles.Of(Path.Combine(folder, "dataset"), "*.json").Any());

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        var number = 0L;
        foreach (var (id, split) in _films)
        {
            yield return Film(++number, id, split, wanted);
        }
    }

    private static string SplitFile(string folder) => Path.Combine(folder, "split.json");

    private static IEnumerable<(string Id, string Split)> Listed(string folder) =>
        FolderFiles.Of(Path.Combine(folder, "dataset"), "*.json").Select(file => (Path.GetFileNameWithoutExtension(file), string.Empty));

    private static List<(string Id, string Split)> ReadSplits(string file)
    {
        if (TextFile.Read(file, MaxSplitBytes, out var text) is { } problem)
        {
            throw new TableException($"The splits cannot be read: {problem}.") { File = file };
        }

        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return
            [
                .. from split in document.RootElement.EnumerateObject()
                from id in split.Value.EnumerateArray()
                select (id.GetString() ?? string.Empty, split.Name),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new TableException($"{file} is not what MM-IMDb has, an object of lists of ids: {e.Message}", e) { File = file };
        }
    }

    private TableRow Film(long number, string id, string split, IReadOnlyList<string> wanted)
    {
        // The id becomes a part of a path.
        if (id.Length is 0 or > 64 || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
        {
            return TableRow.Bad(
                number,
                QuarantineReason.MalformedRow,
                $"split.json names the film '{(id.Length > 64 ? id[..64] : id)}'; an id has letters and digits only"
            );
        }

        var file = Path.Combine(_folder, "dataset", id + ".json");
        if (!File.Exists(file))
        {
            return TableRow.Bad(number, QuarantineReason.MalformedRow, $"{file} is missing");
        }

        if (TextFile.Read(file, MaxFilmBytes, out var text) is { } problem)
        {
            return TableRow.Bad(number, QuarantineReason.InvalidEncoding, problem);
        }

        try
        {
            using var document = JsonDocument.Parse(text, Options);
            var cells = wanted
                .Select(column =>
                    column switch
                    {
                        "id" => [id],
                        "image" => [$"dataset/{id}.jpeg"],
                        "split" => split.Length > 0 ? [split] : [],
                        "plot" => Values(document.RootElement, column).OrderByDescending(plot => plot.Length).Take(1).ToArray(),
                        _ => Values(document.RootElement, column),
                    }
                )
                .ToArray();
            return cells.Any(cell => cell.Sum(value => (long)value.Length) > _limits.MaxFieldBytes)
                ? TableRow.Bad(number, QuarantineReason.FieldTooLarge, $"{file}: a value has more than {_limits.MaxFieldBytes} bytes")
                : new TableRow(number, cells);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return TableRow.Bad(number, QuarantineReason.MalformedRow, $"{file}: {e.Message}");
        }
    }

    private static string[] Values(JsonElement film, string key) =>
        !film.TryGetProperty(key, out var value) ? []
        : JsonlTableRows.TryRead(value, out var texts) ? texts
        : throw new JsonException($"'{key}' must be a text, a number or a list of these.");
}
