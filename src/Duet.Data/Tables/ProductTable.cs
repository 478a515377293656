// Reads the products of a table, setting wrong rows aside.
using System.Globalization;

namespace Duet.Data;

/// <summary>A table of products, opened and checked: its columns exist. Reading streams and can be repeated.</summary>
public sealed class ProductTable
{
    private const int LongestShown = 100;

    private readonly ITableRows _rows;
    private readonly string _path;
    private readonly ImagePathResolver _resolver;
    private readonly TableLayout _layout;
    private readonly int _addressed;

    private ProductTable(TableOptions options, string path, ITableRows rows)
    {
        (Options, _path, _rows) = (options, path, rows);
        _layout = new TableLayout(options, path, rows.Columns);
        _addressed = rows.AddressColumn is { } column ? _layout.Wanted.ToList().IndexOf(column) : -1;
        foreach (var note in rows.Notes)
        {
            options.Note?.Invoke(note);
        }

        _resolver = new ImagePathResolver(rows.PictureFolder ?? Path.GetDirectoryName(path)!, options.ImageFolders);
    }

    /// <summary>The options the table was opened with.</summary>
    public TableOptions Options { get; }

    /// <summary>The columns the table has.</summary>
    public IReadOnlyList<string> Columns => _rows.Columns;

    /// <summary>The name of the id column, or <c>null</c> where the row number is the id.</summary>
    public string? IdColumn => _layout.IdColumn;

    /// <summary>Opens a table and checks that it has the named columns.</summary>
    /// <exception cref="TableException">The options contradict themselves; the file cannot be read, is empty, or lacks a
    /// column.</exception>
    /// <exception cref="OptionException">There is no encoding of the name in <see cref="TableOptions.Encoding"/>.</exception>
    public static ProductTable Open(TableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var format = options.DataFormat == DataFormat.Auto ? DataFormats.Detect(options.Path) : options.DataFormat;
        if (format != DataFormat.Table)
        {
            options = DataFormats.Complete(options with { DataFormat = format });
            options.Validate();
            return new ProductTable(
                options,
                Path.GetFullPath(options.Path),
                DataFormats.Open(format, Path.GetFullPath(options.Path), options.Limits)
            );
        }

        options.Validate();
        var file = Path.GetFullPath(options.Path);
        var extension = Path.GetExtension(file).ToUpperInvariant();
        var encoding = TableEncoding.Find(options.Encoding);
        ITableRows found = options.Format switch
        {
            TableFormat.Csv => Csv(),
            TableFormat.Jsonl => new JsonlTableRows(file, options.Limits, encoding),
            _ => extension switch
            {
                ".CSV" or ".TSV" or ".TXT" => Csv(),
                ".JSONL" or ".NDJSON" => new JsonlTableRows(file, options.Limits, encoding),
                _ => throw new TableException($"The table {file} {TableFormats.Refusal(extension)}") { File = file },
            },
        };
        if (found.Columns.Count == 0)
        {
            throw Empty(file);
        }

        return new ProductTable(options, file, found);

        CsvTableRows Csv() => new(file, TableDelimiter.Of(file, options), options.Limits, encoding: encoding);
    }

    /// <summary>Streams the products. Wrong rows, refused picture paths, empty texts and products without picture and text go to the
    /// quarantine.</summary>
    /// <param name="quarantine">Receives what is set aside.</param>
    /// <exception cref="TableException">The table has no rows, or more than allowed.</exception>
    public IEnumerable<Product> Read(Quarantine quarantine)
    {
        ArgumentNullException.ThrowIfNull(quarantine);
        return Stream(quarantine);
    }

    private static TableException Empty(string path) =>
        new($"The table {path} has no rows that can be read. It needs a header (JSONL: one object per line) and at least one product.")
        {
            File = path,
        };

    private IEnumerable<Product> Stream(Quarantine quarantine)
    {
        var count = 0L;
        foreach (var row in _rows.Read(_layout.Wanted))
        {
            quarantine.CountRow();
            if (++count > Options.Limits.MaxRows)
            {
                throw new TableException($"The table {_path} has more than {Options.Limits.MaxRows} rows (TableLimits.MaxRows).")
                {
                    File = _path,
                };
            }

            if (ToProduct(row, quarantine) is { } product)
            {
                yield return product;
            }
        }

        if (count == 0)
        {
            throw Empty(_path);
        }
    }

    private Product? ToProduct(TableRow row, Quarantine quarantine)
    {
        if (row.Problem is { } problem)
        {
            quarantine.Add(new QuarantineEntry(row.Number, string.Empty, _path, problem, row.Detail, RowRefused: true));
            return null;
        }

        if (_layout.LabelProblem(row) is { } wrong)
        {
            quarantine.Add(
                new QuarantineEntry(
                    row.Number,
                    Single(row, _layout.Id) ?? string.Empty,
                    _path,
                    QuarantineReason.MalformedRow,
                    wrong,
                    RowRefused: true
                )
            );
            return null;
        }

        var id = Single(row, _layout.Id) ?? row.Number.ToString(CultureInfo.InvariantCulture);
        var text = string.Join(Options.TextSeparator, _layout.Texts.SelectMany(index => row.Cells[index]));
        var images = ResolveImages(row, out var refused);
        var nothing = images.Count == 0 && string.IsNullOrWhiteSpace(text);
        for (var i = 0; i < refused.Count; i++)
        {
            // One row is refused once, however many of its pictures are at fault.
            var (file, reason, why) = refused[i];
            quarantine.Add(new QuarantineEntry(row.Number, id, file, reason, why, nothing && i == 0));
        }

        if (nothing)
        {
            // Of other products the pictures are counted where the product is used.
            quarantine.CountPictures(new LossCount(refused.Count, refused.Count));
        }

        if (nothing && refused.Count == 0)
        {
            quarantine.Add(
                new QuarantineEntry(
                    row.Number,
                    id,
                    _path,
                    QuarantineReason.NothingToClassify,
                    "the row has neither a picture path nor text",
                    RowRefused: true
                )
            );
        }

        if (!nothing && _layout.Texts.Count > 0 && string.IsNullOrWhiteSpace(text))
        {
            quarantine.Add(
                new QuarantineEntry(
                    row.Number,
                    id,
                    _path,
                    QuarantineReason.EmptyText,
                    "the text is empty; the product is used with its picture",
                    RowRefused: false
                )
            );
        }

        return nothing
            ? null
            : new Product(row.Number, id, images, text, _layout.Labels(row), Single(row, _layout.Split), Single(row, _layout.Group))
            {
                RefusedImages = refused.Count,
                Title = _layout.Texts.Count > 1 ? string.Join(Options.TextSeparator, row.Cells[_layout.Texts[0]]) : null,
                Extras = _layout.Extras.Count == 0 ? [] : [.. _layout.Extras.Select(index => Single(row, index))],
                Features = _layout.Features.Count == 0 ? [] : [.. _layout.Features.Select(index => Single(row, index))],
            };
    }

    private List<string> ResolveImages(TableRow row, out List<(string File, QuarantineReason Reason, string Problem)> refused)
    {
        var images = new List<string>();
        refused = [];
        foreach (var (index, name) in _layout.Images.SelectMany(index => row.Cells[index].Select(name => (index, name.Trim()))))
        {
            if (name.Length == 0)
            {
                continue;
            }

            if (images.Count == Options.Limits.MaxImages)
            {
                refused.Add(
                    (
                        name,
                        QuarantineReason.ImagePathRefused,
                        $"the product has more than {Options.Limits.MaxImages} pictures (TableLimits.MaxImages)"
                    )
                );
                break;
            }

            if (index == _addressed)
            {
                images.Add(name);
            }
            else if (_resolver.TryResolve(name, out var full, out var why) && (!PictureList.Looks(name) || File.Exists(full)))
            {
                images.Add(full);
            }
            else if (PictureList.Looks(name))
            {
                refused.Add((name, QuarantineReason.ImageList, $"the cell looks like a list of pictures: {Shortened(name)}"));
            }
            else
            {
                refused.Add((name, QuarantineReason.ImagePathRefused, $"{Shortened(name)}: {why}"));
            }
        }

        return images;
    }

    private static string Shortened(string cell) => cell.Length <= LongestShown ? cell : cell[..LongestShown] + " ...";

    private static string? Single(TableRow row, int? index)
    {
        var value = index is { } i && row.Cells[i].Length > 0 ? row.Cells[i][0].Trim() : null;
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
