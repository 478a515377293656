// Reads tar shards as a table.
using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Duet.Vision;

namespace Duet.Data;

/// <summary>
/// A row per sample: <c>image</c> is its picture, every key of its <c>.json</c> a column, <c>text</c> its <c>.txt</c> (or <c>.caption</c>),
/// <c>class</c> its
/// <c>.cls</c>, and <c>split</c> what the shard's name begins with where all shards' names do so (train-000.tar).
/// </summary>
internal sealed class WebDatasetRows : ITableRows
{
    private const int SamplesSearchedForColumns = 1000;
    private const string Picture = "image";
    private static readonly string[] TextMembers = ["txt", "caption", "text"];
    private static readonly string[] ClassMembers = ["cls", "cls.txt", "class"];
    private static readonly SearchValues<char> AfterSplit = SearchValues.Create("-_.0123456789");

    private readonly WebDatasetShards _shards;
    private readonly TableLimits _limits;
    private readonly PictureContainers _archives = new();
    private readonly bool _hasSplits;

    public WebDatasetRows(string path, TableLimits limits)
    {
        (_shards, _limits) = (new WebDatasetShards(path), limits);
        _hasSplits = _shards.Shards.All(shard => SplitOf(shard) is not null);
        Columns = FindColumns(path);
    }

    public IReadOnlyList<string> Columns { get; }

    public string AddressColumn => Picture;

    public DataColumns Defaults
    {
        get
        {
            string[] Existing(params string[] names) => [.. names.Where(name => Columns.Contains(name, StringComparer.Ordinal)).Take(1)];
            return new DataColumns
            {
                Id = "__key__",
                Images = Existing(Picture),
                Texts = Existing("text", "title", "caption"),
                Tasks = Existing("class", "label", "category"),
                Split = _hasSplits ? "split" : null,
            };
        }
    }

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        var number = 0L;
        var problems = new Queue<string>();
        foreach (var sample in _shards.Samples((shard, why) => problems.Enqueue($"{shard}: {why}; the rest of this shard is not read")))
        {
            while (problems.TryDequeue(out var problem))
            {
                yield return TableRow.Bad(++number, QuarantineReason.MalformedRow, problem);
            }

            yield return Row(++number, sample, wanted);
        }

        while (problems.TryDequeue(out var problem))
        {
            yield return TableRow.Bad(++number, QuarantineReason.MalformedRow, problem);
        }
    }

    private static string? SplitOf(string shard)
    {
        var name = Path.GetFileName(shard);
        var end = name.AsSpan().IndexOfAny(AfterSplit);
        return Splitter.CanonicalName(end < 0 ? name : name[..end]);
    }

    private static PictureAddress? Find(WebDatasetSample sample, string[] extensions) =>
        extensions.Select(extension => sample.Members.GetValueOrDefault(extension)).FirstOrDefault(member => member is not null);

    private string[] FindColumns(string path)
    {
        var (keys, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal) { "__key__", Picture, "text", "class" });
        seen.UnionWith(Given(_hasSplits, "split"));
        var (texts, classes, pictures) = (false, false, false);
        var damage = string.Empty;
        foreach (var sample in _shards.Samples((shard, why) => damage = $" {shard}: {why}.").Take(SamplesSearchedForColumns))
        {
            pictures |= sample.Picture is not null;
            texts |= Find(sample, TextMembers) is not null;
            classes |= Find(sample, ClassMembers) is not null;
            if (
                sample.Members.TryGetValue("json", out var json)
                && TryBytes(json, out var content) is null
                && TryParse(content, out var document) is null
            )
            {
                using (document)
                {
                    texts |= document!.RootElement.TryGetProperty("text", out _);
                    classes |= document.RootElement.TryGetProperty("class", out _);
                    keys.AddRange(document.RootElement.EnumerateObject().Select(property => property.Name).Where(seen.Add));
                }
            }

            if (keys.Count > _limits.MaxColumns)
            {
                throw new TableException(
                    $"{path} has more than {_limits.MaxColumns} different keys in its first .json members (TableLimits.MaxColumns)."
                )
                {
                    File = path,
                };
            }
        }

        if (!pictures && !texts && keys.Count == 0)
        {
            throw new TableException($"{path} has no samples that can be read: members such as 0001.jpg, 0001.txt, 0001.json.{damage}")
            {
                File = path,
            };
        }

        return
        [
            "__key__",
            .. Given(pictures, Picture),
            .. Given(texts, "text"),
            .. Given(classes, "class"),
            .. Given(_hasSplits, "split"),
            .. keys,
        ];
    }

    private static string[] Given(bool there, string column) => there ? [column] : [];

    private TableRow Row(long number, WebDatasetSample sample, IReadOnlyList<string> wanted)
    {
        JsonDocument? document = null;
        try
        {
            var cells = new string[wanted.Count][];
            for (var i = 0; i < cells.Length; i++)
            {
                if (Cell(sample, wanted[i], ref document, out cells[i]) is { } problem)
                {
                    return TableRow.Bad(
                        number,
                        QuarantineReason.MalformedRow,
                        $"{Path.GetFileName(sample.Shard)}, sample '{sample.Key}': {problem}"
                    );
                }
            }

            return new TableRow(number, cells);
        }
        finally
        {
            document?.Dispose();
        }
    }

    private string? Cell(WebDatasetSample sample, string column, ref JsonDocument? document, out string[] cell)
    {
        cell = [];
        switch (column)
        {
            case "__key__":
                cell = [sample.Key];
                return null;
            case Picture:
                cell = sample.Picture is { } picture ? [picture.ToString()] : [];
                return null;
            case "split" when _hasSplits:
                cell = SplitOf(sample.Shard) is { } split ? [split] : [];
                return null;
            case "text" or "class" when Find(sample, column is "text" ? TextMembers : ClassMembers) is { } member:
                var wrong = TryText(member, out var text);
                cell = string.IsNullOrWhiteSpace(text) ? [] : [text.Trim()];
                return wrong;
        }

        if (document is null && sample.Members.TryGetValue("json", out var json))
        {
            if ((TryBytes(json, out var content) ?? TryParse(content, out document)) is { } problem)
            {
                return problem;
            }
        }

        return document is null || !document.RootElement.TryGetProperty(column, out var value) || JsonlTableRows.TryRead(value, out cell)
            ? null
            : $"'{column}' must be a text, a number or a list of these";
    }

    private static string? TryParse(ReadOnlyMemory<byte> json, out JsonDocument? document)
    {
        document = JsonlTableRows.Parse(json, out var error);
        return document is null ? $"its .json cannot be read: {error}" : null;
    }

    private string? TryText(PictureAddress member, out string text)
    {
        var problem = TryBytes(member, out var bytes);
        text = Encoding.UTF8.GetString(bytes.Span);
        return problem;
    }

    // Without a byte order mark.
    private string? TryBytes(PictureAddress member, out ReadOnlyMemory<byte> content)
    {
        content = ReadOnlyMemory<byte>.Empty;
        if (member.Length == 0)
        {
            return null;
        }

        try
        {
            var bytes = _archives.ReadFile(member, _limits.MaxFieldBytes);
            if (!Utf8.IsValid(bytes))
            {
                return $"{member.Part} is not UTF-8";
            }

            content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
            return null;
        }
        catch (ImageDecodeException e)
        {
            return e.Message;
        }
    }
}
