// Reads Fashion-Gen's HDF5 files as a table.
using System.Globalization;
using Duet.Vision;

namespace Duet.Data;

/// <summary>
/// HDF5 files whose datasets have one row per product: texts and numbers <c>[N]</c> or <c>[N, 1]</c>, pictures <c>[N, H, W, 3]</c>. All
/// datasets of one row become columns, Fashion-Gen's <c>input_*</c> among them. Of a folder, all files are read and the column <c>split</c>
/// says which from their names.
/// </summary>
internal sealed class FashionGenRows : ITableRows
{
    private const int RowsPerRead = 2048;
    private const string SplitColumn = "split";

    private readonly string _path;
    private readonly TableLimits _limits;
    private readonly IReadOnlyList<string> _files;

    public FashionGenRows(string path, TableLimits limits)
    {
        (_path, _limits) = (path, limits);
        _files = FilesOf(path);
        if (_files.Count == 0)
        {
            throw new TableException($"{path} has no .h5 files.") { File = path };
        }

        using var first = Hdf5File.Open(_files[0]);
        Rows(first);
        AddressColumn = first
            .Datasets.FirstOrDefault(dataset => dataset.IsPictures && !dataset.Name.Contains(':', StringComparison.Ordinal))
            ?.Name;
        Columns =
        [
            .. first.Datasets.Where(dataset => dataset.IsColumn).Select(dataset => dataset.Name),
            .. (string[])(AddressColumn is { } pictures ? [pictures] : []),
            .. (string[])(Directory.Exists(path) ? [SplitColumn] : []),
        ];
    }

    public IReadOnlyList<string> Columns { get; }

    public string? AddressColumn { get; }

    public static DataColumns Defaults(string path)
    {
        var rows = new FashionGenRows(path, new TableLimits());
        string[] Existing(params string[] names) => [.. names.Where(name => rows.Columns.Contains(name, StringComparer.Ordinal))];
        return new DataColumns
        {
            Images = rows.AddressColumn is { } pictures ? [pictures] : [],
            Texts = Existing("input_name", "input_description"),
            Tasks = Existing("input_category"),
            Group = Existing("input_productID").FirstOrDefault(),
            Split = Directory.Exists(path) ? SplitColumn : null,
        };
    }

    public IEnumerable<TableRow> Read(IReadOnlyList<string> wanted)
    {
        var number = 0L;
        using var reader = new Hdf5Reader();
        foreach (var name in _files)
        {
            using var file = Hdf5File.Open(name, reader);
            var count = Rows(file);
            foreach (var column in wanted.Where(column => !string.Equals(column, SplitColumn, StringComparison.Ordinal)))
            {
                Check(file, column, count);
            }

            for (var start = 0L; start < count; start += RowsPerRead)
            {
                var rows = (int)Math.Min(RowsPerRead, count - start);
                var cells = wanted.Select(column => Cells(file, column, start, rows)).ToArray();
                for (var row = 0; row < rows; row++)
                {
                    yield return new TableRow(
                        ++number,
                        [.. cells.Select(column => string.IsNullOrWhiteSpace(column[row]) ? (string[])[] : [column[row]])]
                    );
                }
            }
        }
    }

    private static List<string> FilesOf(string path) =>
        File.Exists(path) ? [path] : [.. FolderFiles.Of(path, "*.h5").Concat(FolderFiles.Of(path, "*.hdf5"))];

    /// <summary>The number of rows: that of the pictures, or of most datasets.</summary>
    private long Rows(Hdf5File file)
    {
        var sizes = file.Datasets.Where(dataset => dataset.IsPictures || dataset.IsColumn).GroupBy(dataset => dataset.Shape[0]).ToList();
        var rows = file.Datasets.FirstOrDefault(dataset => dataset.IsPictures)?.Shape[0] ?? sizes.MaxBy(group => group.Count())?.Key ?? 0;
        return rows > 0 && rows <= _limits.MaxRows
            ? rows
            : throw new TableException(
                $"The HDF5 file {file.Path} has no datasets with rows (texts [N, 1] such as input_name, pictures [N, H, W, 3] such as "
                    + $"input_image), or more than {_limits.MaxRows}."
            )
            {
                File = file.Path,
            };
    }

    private void Check(Hdf5File file, string column, long count)
    {
        var dataset = file.Find(column);
        var pictures = string.Equals(column, AddressColumn, StringComparison.Ordinal);
        var fits = pictures ? dataset.IsPictures : dataset.IsColumn;
        if (!fits || dataset.Shape[0] != count)
        {
            throw new TableException(
                $"The dataset '{column}' of {file.Path} has {dataset.Element} of the shape [{string.Join(", ", dataset.Shape)}]; "
                    + $"expected {count} rows of "
                    + $"{(pictures ? "pictures [N, H, W, 3] in unsigned bytes" : "one text or number each")}."
            )
            {
                File = file.Path,
            };
        }
    }

    private string[] Cells(Hdf5File file, string column, long start, int rows)
    {
        if (string.Equals(column, SplitColumn, StringComparison.Ordinal) && Directory.Exists(_path))
        {
            return [.. Enumerable.Repeat(SplitOf(file.Path), rows)];
        }

        if (string.Equals(column, AddressColumn, StringComparison.Ordinal))
        {
            return [.. Enumerable.Range(0, rows).Select(row => PictureAddress.InHdf5(file.Path, column, start + row).ToString())];
        }

        return file.Find(column).IsText
            ? file.ReadTexts(column, start, rows)
            :
            [
                .. file.ReadNumbers(column, start, rows)
                    .Select(value => double.IsNaN(value) ? string.Empty : value.ToString("R", CultureInfo.InvariantCulture)),
            ];
    }

    // fashiongen_256_256_train.h5, fashiongen_256_256_validation.h5
    private static string SplitOf(string file) =>
        Path.GetFileNameWithoutExtension(file).Split('_', '-', '.').Select(Splitter.CanonicalName).OfType<string>().FirstOrDefault()
        ?? string.Empty;
}
