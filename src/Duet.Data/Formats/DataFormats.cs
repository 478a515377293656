// Recognises data sets by how they lie on disk, and opens them.
namespace Duet.Data;

/// <summary>The known data sets.</summary>
public static class DataFormats
{
    private static readonly Dictionary<string, DataFormat> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["auto"] = DataFormat.Auto,
        ["table"] = DataFormat.Table,
        ["fashion-gen"] = DataFormat.FashionGen,
        ["food-101"] = DataFormat.Food101,
        ["glami-1m"] = DataFormat.Glami,
        ["mm-imdb"] = DataFormat.MmImdb,
        ["hateful-memes"] = DataFormat.HatefulMemes,
        ["image-folder"] = DataFormat.ImageFolder,
        ["webdataset"] = DataFormat.WebDataset,
    };

    /// <summary>The names as users write them, <c>auto</c> first.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The format of a name.</summary>
    /// <exception cref="TableException">There is no such format.</exception>
    public static DataFormat Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByName.TryGetValue(name, out var format)
            ? format
            : throw new TableException($"There is no data format '{name}'; it must be one of {string.Join(", ", Names)}.");
    }

    /// <summary>A format's name as users write it.</summary>
    public static string NameOf(DataFormat format) => ByName.First(name => name.Value == format).Key;

    /// <summary>Recognises the data set at a path; a file of no other kind, and what is not there, counts as a table.</summary>
    /// <exception cref="TableException">A folder holds none of the known data sets.</exception>
    public static DataFormat Detect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path) ? DetectFolder(Path.GetFullPath(path)) : DetectFile(Path.GetFullPath(path));
    }

    /// <summary>The columns that the data set at a path is used with unless others are named; empty for a table.</summary>
    /// <exception cref="TableException">The data set cannot be opened.</exception>
    public static DataColumns ColumnsOf(DataFormat format, string path)
    {
        var file = Path.GetFullPath(path);
        return format switch
        {
            DataFormat.FashionGen => FashionGenRows.Defaults(file),
            DataFormat.Food101 => Food101.Defaults,
            DataFormat.Glami => Glami.Defaults(file),
            DataFormat.MmImdb => MmImdbRows.Defaults(file),
            DataFormat.HatefulMemes => HatefulMemes.Defaults(file),
            DataFormat.ImageFolder => new ImageFolderRows(file).Defaults,
            DataFormat.WebDataset => new WebDatasetRows(file, new TableLimits()).Defaults,
            _ => new DataColumns(),
        };
    }

    /// <summary>Fills in what was not named from what the data set is known to have.</summary>
    /// <exception cref="TableException">The data set cannot be opened.</exception>
    internal static TableOptions Complete(TableOptions options)
    {
        if (options.ImageColumns.Count > 0 || options.TextColumns.Count > 0)
        {
            return options;
        }

        var columns = ColumnsOf(options.DataFormat, options.Path);
        return options with
        {
            ImageColumns = columns.Images,
            TextColumns = columns.Texts,
            IdColumn = options.IdColumn ?? columns.Id,
            Tasks =
                options.Tasks.Count > 0
                    ? options.Tasks
                    : [.. columns.Tasks.Select(TaskColumn.Single), .. columns.MultiLabelTasks.Select(column => TaskColumn.Multi(column))],
            SplitColumn = options.SplitColumn ?? columns.Split,
            GroupColumn = options.GroupColumn ?? columns.Group,
        };
    }

    internal static ITableRows Open(DataFormat format, string path, TableLimits limits)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new TableException($"{path} is not there.") { File = path };
        }

        return format switch
        {
            DataFormat.FashionGen => new FashionGenRows(path, limits),
            DataFormat.Food101 => Food101.Open(path, limits),
            DataFormat.Glami => Glami.Open(path, limits),
            DataFormat.MmImdb => new MmImdbRows(path, limits),
            DataFormat.HatefulMemes => HatefulMemes.Open(path, limits),
            DataFormat.ImageFolder => new ImageFolderRows(path),
            DataFormat.WebDataset => new WebDatasetRows(path, limits),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A table is opened by its own reader."),
        };
    }

    private static DataFormat DetectFile(string file)
    {
        var name = Path.GetFileName(file);
        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".H5" or ".HDF5" => DataFormat.FashionGen,
            ".TAR" => DataFormat.WebDataset,
            ".CSV" when Glami.IsPart(name) => DataFormat.Glami,
            ".JSONL" when HatefulMemes.IsPart(file) => DataFormat.HatefulMemes,
            _ => DataFormat.Table,
        };
    }

    private static DataFormat DetectFolder(string folder)
    {
        bool Has(string pattern) => FolderFiles.Of(folder, pattern).Any();
        return MmImdbRows.IsFolder(folder) ? DataFormat.MmImdb
            : Food101.IsFolder(folder) ? DataFormat.Food101
            : Has("GLAMI-1M-*.csv") ? DataFormat.Glami
            : HatefulMemes.IsFolder(folder) ? DataFormat.HatefulMemes
            : Has("*.tar") ? DataFormat.WebDataset
            : Has("*.h5") || Has("*.hdf5") ? DataFormat.FashionGen
            : ImageFolderRows.IsFolder(folder) ? DataFormat.ImageFolder
            : throw new TableException(
                $"{folder} is a folder that holds none of the known data sets: a table is a file, and there are neither .h5 nor .tar "
                    + $"files, nor folders with pictures. Name the table's file, or state --data-format."
            )
            {
                File = folder,
            };
    }
}
